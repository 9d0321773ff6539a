// SPDX-License-Identifier: MIT
/*
 * Calls remap_pfn_range with what the offset selects: 0 size 0, 1 an address that is no page boundary, 2 a size that is
 * none, 3 a size that wraps, 4 a size of one page and a half from the second page on.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static struct page *remap_odd_block;

static int remap_odd_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long start = vma->vm_start, pfn = page_to_pfn(remap_odd_block);
	pgprot_t prot = vma->vm_page_prot;

	count_mmap++;
	if (vma_pages(vma) > 4)
		return -EINVAL;
	switch (vma->vm_pgoff) {
	case 0:
		return remap_pfn_range(vma, start, pfn, 0, prot);
	case 1:
		return remap_pfn_range(vma, start + 16, pfn, PAGE_SIZE, prot);
	case 2:
		return remap_pfn_range(vma, start, pfn, 100, prot);
	case 3:
		return remap_pfn_range(vma, start, pfn, -PAGE_SIZE, prot);
	case 4:
		return remap_pfn_range(vma, start + PAGE_SIZE, pfn, PAGE_SIZE + PAGE_SIZE / 2, prot);
	}
	return -ENXIO;
}

static const struct file_operations remap_odd_fops = {
	.owner = THIS_MODULE,
	.mmap = remap_odd_mmap,
};

static struct miscdevice remap_odd_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "remap-odd",
	.fops = &remap_odd_fops,
};

static int __init remap_odd_init(void)
{
	remap_odd_block = alloc_pages(GFP_KERNEL | __GFP_ZERO, 2);
	if (!remap_odd_block)
		return -ENOMEM;
	*(u32 *)page_address(remap_odd_block) = 0x99;
	return misc_register(&remap_odd_device);
}
module_init(remap_odd_init);

static void __exit remap_odd_exit(void)
{
	misc_deregister(&remap_odd_device);
	__free_pages(remap_odd_block, 2);
}
module_exit(remap_odd_exit);

MODULE_DESCRIPTION("Calls remap_pfn_range with what the offset selects");
MODULE_LICENSE("GPL");
