// SPDX-License-Identifier: MIT
/*
 * Maps two pages with remap_pfn_range whatever the length of the vma is: too few, or too many.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static struct page *remap_part_block;

static int remap_part_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	return remap_pfn_range(vma, vma->vm_start, page_to_pfn(remap_part_block), 2 * PAGE_SIZE, vma->vm_page_prot);
}

static const struct file_operations remap_part_fops = {
	.owner = THIS_MODULE,
	.mmap = remap_part_mmap,
};

static struct miscdevice remap_part_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "remap-part",
	.fops = &remap_part_fops,
};

static int __init remap_part_init(void)
{
	remap_part_block = alloc_pages(GFP_KERNEL | __GFP_ZERO, 2);
	if (!remap_part_block)
		return -ENOMEM;
	*(u32 *)page_address(remap_part_block + 1) = 0x77;
	return misc_register(&remap_part_device);
}
module_init(remap_part_init);

static void __exit remap_part_exit(void)
{
	misc_deregister(&remap_part_device);
	__free_pages(remap_part_block, 2);
}
module_exit(remap_part_exit);

MODULE_DESCRIPTION("Maps two pages with remap_pfn_range whatever the length of the vma is");
MODULE_LICENSE("GPL");
