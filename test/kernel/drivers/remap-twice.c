// SPDX-License-Identifier: MIT
/*
 * Maps the same addresses with remap_pfn_range twice; the offset says how many pages the second call repeats.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static struct page *remap_twice_block;

static int remap_twice_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long again = vma->vm_pgoff;
	int err;

	count_mmap++;
	if (vma_pages(vma) > 4 || again > vma_pages(vma))
		return -EINVAL;
	err = remap_pfn_range(vma, vma->vm_start, page_to_pfn(remap_twice_block), vma->vm_end - vma->vm_start, vma->vm_page_prot);
	if (err || !again)
		return err;
	return remap_pfn_range(vma, vma->vm_end - again * PAGE_SIZE, page_to_pfn(remap_twice_block), again * PAGE_SIZE,
			       vma->vm_page_prot);
}

static const struct file_operations remap_twice_fops = {
	.owner = THIS_MODULE,
	.mmap = remap_twice_mmap,
};

static struct miscdevice remap_twice_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "remap-twice",
	.fops = &remap_twice_fops,
};

static int __init remap_twice_init(void)
{
	remap_twice_block = alloc_pages(GFP_KERNEL | __GFP_ZERO, 2);
	if (!remap_twice_block)
		return -ENOMEM;
	return misc_register(&remap_twice_device);
}
module_init(remap_twice_init);

static void __exit remap_twice_exit(void)
{
	misc_deregister(&remap_twice_device);
	__free_pages(remap_twice_block, 2);
}
module_exit(remap_twice_exit);

MODULE_DESCRIPTION("Maps the same addresses with remap_pfn_range twice; the offset says how many pages the second call repeats");
MODULE_LICENSE("GPL");
