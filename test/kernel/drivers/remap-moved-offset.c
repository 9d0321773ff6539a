// SPDX-License-Identifier: MIT
/*
 * Maps a block and sets vm_pgoff to 0 before (even offsets) or after (odd offsets) remap_pfn_range, as drivers do whose
 * offsets are tokens.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static unsigned long remap_moved_offset_memory;

static int remap_moved_offset_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long token = vma->vm_pgoff;
	int err;

	count_mmap++;
	if (vma_pages(vma) > 4)
		return -EINVAL;
	if (!(token & 1))
		vma->vm_pgoff = 0;
	err = remap_pfn_range(vma, vma->vm_start, __pa(remap_moved_offset_memory) >> PAGE_SHIFT, vma->vm_end - vma->vm_start,
			      vma->vm_page_prot);
	if (token & 1)
		vma->vm_pgoff = 0;
	return err;
}

static const struct file_operations remap_moved_offset_fops = {
	.owner = THIS_MODULE,
	.mmap = remap_moved_offset_mmap,
};

static struct miscdevice remap_moved_offset_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "remap-moved-offset",
	.fops = &remap_moved_offset_fops,
};

static int __init remap_moved_offset_init(void)
{
	remap_moved_offset_memory = __get_free_pages(GFP_KERNEL | __GFP_ZERO, 2);
	if (!remap_moved_offset_memory)
		return -ENOMEM;
	*(u32 *)remap_moved_offset_memory = 0x0ff;
	return misc_register(&remap_moved_offset_device);
}
module_init(remap_moved_offset_init);

static void __exit remap_moved_offset_exit(void)
{
	misc_deregister(&remap_moved_offset_device);
	free_pages(remap_moved_offset_memory, 2);
}
module_exit(remap_moved_offset_exit);

MODULE_DESCRIPTION("Maps a block and sets vm_pgoff to 0 before (even offsets) or after (odd offsets) remap_pfn_range, as drivers do whose offsets are tokens");
MODULE_LICENSE("GPL");
