// SPDX-License-Identifier: MIT
/*
 * Maps a block of four pages with one remap_pfn_range, with the checks that a driver should have.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

#define PAGE_TOTAL 4

static struct page *remap_whole_block;

static int remap_whole_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long pages = vma_pages(vma);

	count_mmap++;
	if (vma->vm_pgoff >= PAGE_TOTAL || pages > PAGE_TOTAL - vma->vm_pgoff)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, page_to_pfn(remap_whole_block) + vma->vm_pgoff, pages << PAGE_SHIFT,
			       vma->vm_page_prot);
}

static const struct file_operations remap_whole_fops = {
	.owner = THIS_MODULE,
	.mmap = remap_whole_mmap,
};

static struct miscdevice remap_whole_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "remap-whole",
	.fops = &remap_whole_fops,
};

static int __init remap_whole_init(void)
{
	remap_whole_block = alloc_pages(GFP_KERNEL | __GFP_ZERO, 2);
	if (!remap_whole_block)
		return -ENOMEM;
	*(u32 *)page_address(remap_whole_block) = 0x1234;
	*(u32 *)page_address(remap_whole_block + 3) = 0x5678;
	return misc_register(&remap_whole_device);
}
module_init(remap_whole_init);

static void __exit remap_whole_exit(void)
{
	misc_deregister(&remap_whole_device);
	__free_pages(remap_whole_block, 2);
}
module_exit(remap_whole_exit);

MODULE_DESCRIPTION("Maps a block of four pages with one remap_pfn_range, with the checks that a driver should have");
MODULE_LICENSE("GPL");
