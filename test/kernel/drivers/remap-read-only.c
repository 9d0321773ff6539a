// SPDX-License-Identifier: MIT
/*
 * Maps a page for reading only: a writable mapping is refused, and VM_MAYWRITE is taken away unless the offset is one
 * page.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static unsigned long remap_read_only_memory;

static int remap_read_only_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_flags & VM_WRITE)
		return -EPERM;
	if (vma_pages(vma) != 1 || vma->vm_pgoff > 1)
		return -EINVAL;
	if (vma->vm_pgoff == 0)
		vm_flags_clear(vma, VM_MAYWRITE);
	return remap_pfn_range(vma, vma->vm_start, __pa(remap_read_only_memory) >> PAGE_SHIFT, PAGE_SIZE, vma->vm_page_prot);
}

static const struct file_operations remap_read_only_fops = {
	.owner = THIS_MODULE,
	.mmap = remap_read_only_mmap,
};

static struct miscdevice remap_read_only_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "remap-read-only",
	.fops = &remap_read_only_fops,
};

static int __init remap_read_only_init(void)
{
	remap_read_only_memory = get_zeroed_page(GFP_KERNEL);
	if (!remap_read_only_memory)
		return -ENOMEM;
	*(u32 *)remap_read_only_memory = 0x600d;
	return misc_register(&remap_read_only_device);
}
module_init(remap_read_only_init);

static void __exit remap_read_only_exit(void)
{
	misc_deregister(&remap_read_only_device);
	free_page(remap_read_only_memory);
}
module_exit(remap_read_only_exit);

MODULE_DESCRIPTION("Maps a page for reading only");
MODULE_LICENSE("GPL");
