// SPDX-License-Identifier: MIT
/*
 * Maps a block in two calls of remap_pfn_range, the second half first. An odd offset leaves a page between them out.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static struct page *remap_halves_block;

static int remap_halves_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long half = (vma->vm_end - vma->vm_start) / 2 & PAGE_MASK;
	unsigned long hole = vma->vm_pgoff & 1 ? PAGE_SIZE : 0;
	int err;

	count_mmap++;
	if (vma_pages(vma) < 2 || vma_pages(vma) > 8)
		return -EINVAL;
	err = remap_pfn_range(vma, vma->vm_start + half, page_to_pfn(remap_halves_block), half, vma->vm_page_prot);
	if (err)
		return err;
	return remap_pfn_range(vma, vma->vm_start, page_to_pfn(remap_halves_block) + 4, half - hole, vma->vm_page_prot);
}

static const struct file_operations remap_halves_fops = {
	.owner = THIS_MODULE,
	.mmap = remap_halves_mmap,
};

static struct miscdevice remap_halves_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "remap-halves",
	.fops = &remap_halves_fops,
};

static int __init remap_halves_init(void)
{
	remap_halves_block = alloc_pages(GFP_KERNEL | __GFP_ZERO | __GFP_COMP, 3);
	if (!remap_halves_block)
		return -ENOMEM;
	*(u32 *)page_address(remap_halves_block) = 0xa;
	*(u32 *)page_address(remap_halves_block + 4) = 0xb;
	return misc_register(&remap_halves_device);
}
module_init(remap_halves_init);

static void __exit remap_halves_exit(void)
{
	misc_deregister(&remap_halves_device);
	__free_pages(remap_halves_block, 3);
}
module_exit(remap_halves_exit);

MODULE_DESCRIPTION("Maps a block in two calls of remap_pfn_range, the second half first");
MODULE_LICENSE("GPL");
