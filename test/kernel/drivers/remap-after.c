// SPDX-License-Identifier: MIT
/*
 * Keeps the vma and maps it later, when the program asks by ioctl: 1 without a lock, 2 with the mmap lock for writing, 3
 * takes the entries away again.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static unsigned long remap_after_memory;
static struct vm_area_struct *remap_after_vma;

static int remap_after_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma_pages(vma) != 2)
		return -EINVAL;
	if (vma->vm_pgoff)
		vm_flags_set(vma, VM_PFNMAP | VM_IO | VM_DONTEXPAND | VM_DONTDUMP);
	remap_after_vma = vma;
	return 0;
}

static int remap_after_map(void)
{
	return remap_pfn_range(remap_after_vma, remap_after_vma->vm_start, __pa(remap_after_memory) >> PAGE_SHIFT, 2 * PAGE_SIZE, remap_after_vma->vm_page_prot);
}

static long remap_after_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	int err;

	if (!remap_after_vma)
		return -ENODEV;
	switch (command) {
	case 1:
		return remap_after_map();
	case 2:
		mmap_write_lock(current->mm);
		err = remap_after_map();
		mmap_write_unlock(current->mm);
		return err;
	case 3:
		mmap_read_lock(current->mm);
		zap_vma_ptes(remap_after_vma, remap_after_vma->vm_start, 2 * PAGE_SIZE);
		mmap_read_unlock(current->mm);
		return 0;
	}
	return -ENOTTY;
}

static const struct file_operations remap_after_fops = {
	.owner = THIS_MODULE,
	.mmap = remap_after_mmap,
	.unlocked_ioctl = remap_after_ioctl,
};

static struct miscdevice remap_after_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "remap-after",
	.fops = &remap_after_fops,
};

static int __init remap_after_init(void)
{
	remap_after_memory = __get_free_pages(GFP_KERNEL | __GFP_ZERO, 1);
	if (!remap_after_memory)
		return -ENOMEM;
	*(u32 *)remap_after_memory = 0x1a7e;
	return misc_register(&remap_after_device);
}
module_init(remap_after_init);

static void __exit remap_after_exit(void)
{
	misc_deregister(&remap_after_device);
	free_pages(remap_after_memory, 1);
}
module_exit(remap_after_exit);

MODULE_DESCRIPTION("Keeps the vma and maps it later, when the program asks by ioctl");
MODULE_LICENSE("GPL");
