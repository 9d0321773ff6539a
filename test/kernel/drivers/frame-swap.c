// SPDX-License-Identifier: MIT
/*
 * Two buffers behind one mapping: ioctl 0x101 swaps which of them faults give, and takes the entries away; 0x102 swaps without taking them away; 0x103 copies the
 * one that is shown to the other; 0x104 tells which is shown. Each buffer is kmalloc memory of two pages for pfns (offset 0), or pages for a mixed vma (offset 8).
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

#define FRAME_PAGES 2

struct frame {
	u8 *memory;
	struct page *pages[FRAME_PAGES];
};

static struct frame frames[2];
static unsigned int frame_shown;
static DEFINE_SPINLOCK(frame_lock);

static vm_fault_t swap_fault(struct vm_fault *vmf)
{
	pgoff_t index = vmf->pgoff & 7;
	struct frame *frame;
	struct page *page;

	count_fault++;
	if (index >= FRAME_PAGES)
		return VM_FAULT_SIGBUS;
	spin_lock(&frame_lock);
	frame = &frames[frame_shown];
	spin_unlock(&frame_lock);
	if (vmf->vma->vm_flags & VM_PFNMAP)
		return vmf_insert_pfn(vmf->vma, vmf->address, (virt_to_phys(frame->memory) >> PAGE_SHIFT) + index);
	page = frame->pages[index];
	get_page(page);
	vmf->page = page;
	return 0;
}

static const struct vm_operations_struct swap_vm_ops = {
	.fault = swap_fault,
};

static int swap_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_pgoff + vma_pages(vma) > 16)
		return -EINVAL;
	if (vma->vm_pgoff < 8)
		vm_flags_set(vma, VM_PFNMAP | VM_IO | VM_DONTEXPAND);
	else
		vm_flags_set(vma, VM_MIXEDMAP);
	vma->vm_ops = &swap_vm_ops;
	return 0;
}

static long swap_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct frame *from, *to;
	int i;

	switch (command) {
	case 0x101:
	case 0x102:
		spin_lock(&frame_lock);
		frame_shown ^= 1;
		spin_unlock(&frame_lock);
		if (command == 0x101)
			unmap_mapping_range(file->f_mapping, 0, 0, 1);
		return 0;
	case 0x103:
		from = &frames[frame_shown];
		to = &frames[frame_shown ^ 1];
		memcpy(to->memory, from->memory, FRAME_PAGES * PAGE_SIZE);
		for (i = 0; i < FRAME_PAGES; i++)
			copy_page(page_address(to->pages[i]), page_address(from->pages[i]));
		return 0;
	case 0x104:
		return frame_shown;
	}
	return -ENOTTY;
}

static const struct file_operations swap_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = swap_ioctl,
	.mmap = swap_mmap,
};

static struct miscdevice swap_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "frame-swap",
	.fops = &swap_fops,
};

static void swap_free(void)
{
	int i, j;

	for (i = 0; i < 2; i++) {
		kfree(frames[i].memory);
		for (j = 0; j < FRAME_PAGES; j++)
			if (frames[i].pages[j])
				__free_page(frames[i].pages[j]);
	}
}

static int __init swap_init(void)
{
	int i, j, err = -ENOMEM;

	for (i = 0; i < 2; i++) {
		frames[i].memory = kzalloc(FRAME_PAGES * PAGE_SIZE, GFP_KERNEL);
		if (!frames[i].memory)
			goto failed;
		memset(frames[i].memory, 0xa0 + i, FRAME_PAGES * PAGE_SIZE);
		for (j = 0; j < FRAME_PAGES; j++) {
			frames[i].pages[j] = alloc_page(GFP_KERNEL);
			if (!frames[i].pages[j])
				goto failed;
			memset(page_address(frames[i].pages[j]), 0xb0 + 2 * i + j, PAGE_SIZE);
		}
	}
	err = misc_register(&swap_device);
	if (!err)
		return 0;
failed:
	swap_free();
	return err;
}
module_init(swap_init);

static void __exit swap_exit(void)
{
	misc_deregister(&swap_device);
	swap_free();
}
module_exit(swap_exit);

MODULE_DESCRIPTION("Two buffers behind one mapping");
MODULE_LICENSE("GPL");
