// SPDX-License-Identifier: MIT
/*
 * Maps any kind of memory with remap_pfn_range, page by page, within the length of what exists.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "kinds.h"

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static int remap_kinds_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long address, pgoff = vma->vm_pgoff;
	int err;

	count_mmap++;
	for (address = vma->vm_start; address < vma->vm_end; address += PAGE_SIZE, pgoff++) {
		struct page *page = kind_page(pgoff);

		if (!page)
			return -ENXIO;
		err = remap_pfn_range(vma, address, page_to_pfn(page), PAGE_SIZE, vma->vm_page_prot);
		if (err)
			return err;
	}
	return 0;
}

static const struct file_operations remap_kinds_fops = {
	.owner = THIS_MODULE,
	.mmap = remap_kinds_mmap,
};

static struct miscdevice remap_kinds_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "remap-kinds",
	.fops = &remap_kinds_fops,
};

static int __init remap_kinds_init(void)
{
	int err = kinds_create();

	if (err)
		return err;
	return misc_register(&remap_kinds_device);
}
module_init(remap_kinds_init);

static void __exit remap_kinds_exit(void)
{
	misc_deregister(&remap_kinds_device);
	kinds_destroy();
}
module_exit(remap_kinds_exit);

MODULE_DESCRIPTION("Maps any kind of memory with remap_pfn_range, page by page, within the length of what exists");
MODULE_LICENSE("GPL");
