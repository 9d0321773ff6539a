// SPDX-License-Identifier: MIT
/*
 * A window of two pages onto a memory of eight: ioctl 0x101 moves it, which takes the entries away, so that the next touch finds the other
 * pages. ioctl 0x102 closes it: then every touch is a SIGBUS. Odd windows (offset 2) are of pages, others of pfns.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

#define WINDOW_PAGES 2
#define MEMORY_ORDER 3

static DEFINE_MUTEX(window_lock);
static unsigned long window_memory;
static unsigned int window_first;
static bool window_closed;

static vm_fault_t window_fault(struct vm_fault *vmf)
{
	unsigned long page = vmf->pgoff % WINDOW_PAGES;
	vm_fault_t result = VM_FAULT_SIGBUS;
	void *memory;

	count_fault++;
	mutex_lock(&window_lock);
	if (!window_closed) {
		memory = (void *)(window_memory + (window_first + page) * PAGE_SIZE);
		if (vmf->vma->vm_flags & VM_PFNMAP) {
			result = vmf_insert_pfn(vmf->vma, vmf->address, virt_to_phys(memory) >> PAGE_SHIFT);
		} else {
			vmf->page = virt_to_page(memory);
			get_page(vmf->page);
			result = 0;
		}
	}
	mutex_unlock(&window_lock);
	return result;
}

static const struct vm_operations_struct window_vm_ops = {
	.fault = window_fault,
};

static int window_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_pgoff % WINDOW_PAGES + vma_pages(vma) > WINDOW_PAGES)
		return -EINVAL;
	if (vma->vm_pgoff < WINDOW_PAGES) {
		if ((vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE)
			return -EINVAL;
		vm_flags_set(vma, VM_PFNMAP | VM_IO | VM_DONTEXPAND);
	}
	vma->vm_ops = &window_vm_ops;
	return 0;
}

static long window_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	switch (command) {
	case 0x101:
		if (argument > (1 << MEMORY_ORDER) - WINDOW_PAGES)
			return -ERANGE;
		break;
	case 0x102:
		break;
	default:
		return -EINVAL;
	}
	mutex_lock(&window_lock);
	window_closed = command == 0x102;
	if (!window_closed)
		window_first = argument;
	mutex_unlock(&window_lock);
	unmap_mapping_range(file->f_mapping, 0, 2 * WINDOW_PAGES * PAGE_SIZE, 1);
	return 0;
}

static const struct file_operations window_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = window_ioctl,
	.mmap = window_mmap,
};

static struct miscdevice window_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "window",
	.fops = &window_fops,
};

static int __init window_init(void)
{
	int i, err;

	window_memory = __get_free_pages(GFP_KERNEL | __GFP_COMP | __GFP_ZERO, MEMORY_ORDER);
	if (!window_memory)
		return -ENOMEM;
	for (i = 0; i < 1 << MEMORY_ORDER; i++)
		*(u32 *)(window_memory + i * PAGE_SIZE) = 0x111 * (i + 1);
	err = misc_register(&window_device);
	if (err)
		free_pages(window_memory, MEMORY_ORDER);
	return err;
}
module_init(window_init);

static void __exit window_exit(void)
{
	misc_deregister(&window_device);
	free_pages(window_memory, MEMORY_ORDER);
}
module_exit(window_exit);

MODULE_DESCRIPTION("A window of two pages onto a memory of eight");
MODULE_LICENSE("GPL");
