// SPDX-License-Identifier: MIT
/*
 * Fails with EIO after it has mapped something: the offset selects 0 nothing, 1 one page by vm_insert_page, 2 pfns by
 * remap_pfn_range, 3 private data and vm_ops with open and close, 4 flags alone.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

static struct page *fails_after_block;

static void fails_after_open(struct vm_area_struct *vma)
{
	count_open++;
}

static void fails_after_close(struct vm_area_struct *vma)
{
	count_close++;
}

static const struct vm_operations_struct fails_after_vm_ops = {
	.open = fails_after_open,
	.close = fails_after_close,
};

static int fails_after_mmap(struct file *file, struct vm_area_struct *vma)
{
	int err = 0;

	count_mmap++;
	switch (vma->vm_pgoff) {
	case 1:
		err = vm_insert_page(vma, vma->vm_start, fails_after_block);
		break;
	case 2:
		err = remap_pfn_range(vma, vma->vm_start, page_to_pfn(fails_after_block), PAGE_SIZE, vma->vm_page_prot);
		break;
	case 3:
		vma->vm_ops = &fails_after_vm_ops;
		vma->vm_private_data = fails_after_block;
		fails_after_open(vma);
		break;
	case 4:
		vm_flags_set(vma, VM_IO | VM_DONTEXPAND);
		break;
	}
	return err ? err : -EIO;
}

static const struct file_operations fails_after_fops = {
	.owner = THIS_MODULE,
	.mmap = fails_after_mmap,
};

static struct miscdevice fails_after_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "fails-after",
	.fops = &fails_after_fops,
};

static int __init fails_after_init(void)
{
	fails_after_block = alloc_pages(GFP_KERNEL | __GFP_ZERO, 0);
	if (!fails_after_block)
		return -ENOMEM;
	return misc_register(&fails_after_device);
}
module_init(fails_after_init);

static void __exit fails_after_exit(void)
{
	misc_deregister(&fails_after_device);
	__free_pages(fails_after_block, 0);
}
module_exit(fails_after_exit);

MODULE_DESCRIPTION("Fails with EIO after it has mapped something");
MODULE_LICENSE("GPL");
