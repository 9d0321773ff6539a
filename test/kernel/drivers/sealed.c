// SPDX-License-Identifier: MIT
/*
 * A buffer that is written until it is sealed: ioctl 0x101 seals it, after which nobody may map it for writing, writes fault with SIGBUS, and write(2) fails; 0x102
 * tells its checksum of words, 0x103 opens it again. The pages are given by the fault handler, which the seal takes away.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/uaccess.h>

#include "compat.h"

static unsigned int count_mmap, count_fault, count_page_mkwrite, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_page_mkwrite, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

#define SEALED_PAGES 3

static struct page *sealed_pages[SEALED_PAGES];
static bool sealed;
static atomic_t sealed_writers = ATOMIC_INIT(0);
static DEFINE_MUTEX(sealed_lock);

static void sealed_vm_open(struct vm_area_struct *vma)
{
	count_open++;
	if (vma->vm_flags & VM_WRITE)
		atomic_inc(&sealed_writers);
}

static void sealed_vm_close(struct vm_area_struct *vma)
{
	count_close++;
	if (vma->vm_flags & VM_WRITE)
		atomic_dec(&sealed_writers);
}

static vm_fault_t sealed_fault(struct vm_fault *vmf)
{
	count_fault++;
	if (vmf->pgoff >= SEALED_PAGES)
		return VM_FAULT_SIGBUS;
	if (sealed && (vmf->flags & FAULT_FLAG_WRITE) && (vmf->vma->vm_flags & VM_SHARED))
		return VM_FAULT_SIGBUS;
	vmf->page = sealed_pages[vmf->pgoff];
	get_page(vmf->page);
	return 0;
}

static vm_fault_t sealed_mkwrite(struct vm_fault *vmf)
{
	count_page_mkwrite++;
	return sealed ? VM_FAULT_SIGBUS : 0;
}

static const struct vm_operations_struct sealed_vm_ops = {
	.open = sealed_vm_open,
	.close = sealed_vm_close,
	.fault = sealed_fault,
	.page_mkwrite = sealed_mkwrite,
};

static int sealed_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (sealed) {
		if ((vma->vm_flags & (VM_SHARED | VM_WRITE)) == (VM_SHARED | VM_WRITE))
			return -EPERM;
		vm_flags_clear(vma, VM_MAYWRITE);
	}
	vma->vm_ops = &sealed_vm_ops;
	if (vma->vm_flags & VM_WRITE)
		atomic_inc(&sealed_writers);
	return 0;
}

static long sealed_sum(void)
{
	u32 sum = 0;
	int page, i;

	for (page = 0; page < SEALED_PAGES; page++) {
		u32 *words = page_address(sealed_pages[page]);

		for (i = 0; i < 16; i++)
			sum += words[i];
	}
	return sum & 0x7fffffff;
}

static long sealed_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	long result = 0;

	mutex_lock(&sealed_lock);
	switch (command) {
	case 0x101:
		if (argument && atomic_read(&sealed_writers)) {
			result = -EBUSY;
			break;
		}
		sealed = true;
		unmap_mapping_range(file->f_mapping, 0, SEALED_PAGES << PAGE_SHIFT, 1);
		break;
	case 0x102:
		result = sealed_sum();
		break;
	case 0x103:
		sealed = false;
		break;
	default:
		result = -ENOTTY;
	}
	mutex_unlock(&sealed_lock);
	return result;
}

static ssize_t sealed_write(struct file *file, const char __user *from, size_t count, loff_t *position)
{
	size_t done = 0;

	if (sealed)
		return -EPERM;
	while (done < count && *position < SEALED_PAGES * PAGE_SIZE) {
		size_t offset = *position & ~PAGE_MASK;
		size_t part = min_t(size_t, count - done, PAGE_SIZE - offset);

		if (copy_from_user(page_address(sealed_pages[*position >> PAGE_SHIFT]) + offset, from + done, part))
			return done ? done : -EFAULT;
		done += part;
		*position += part;
	}
	return done ? done : -ENOSPC;
}

static const struct file_operations sealed_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = sealed_ioctl,
	.write = sealed_write,
	.mmap = sealed_mmap,
};

static struct miscdevice sealed_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "sealed",
	.fops = &sealed_fops,
};

static int __init sealed_init(void)
{
	int i;

	for (i = 0; i < SEALED_PAGES; i++) {
		sealed_pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!sealed_pages[i])
			return -ENOMEM;
	}
	return misc_register(&sealed_device);
}
module_init(sealed_init);

static void __exit sealed_exit(void)
{
	int i;

	misc_deregister(&sealed_device);
	for (i = 0; i < SEALED_PAGES; i++)
		__free_page(sealed_pages[i]);
}
module_exit(sealed_exit);

MODULE_DESCRIPTION("A buffer that is written until it is sealed");
MODULE_LICENSE("GPL");
