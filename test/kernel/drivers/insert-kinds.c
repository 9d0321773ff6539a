// SPDX-License-Identifier: MIT
/*
 * Maps any kind of memory with vm_insert_page, page by page.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "kinds.h"

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static int insert_kinds_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long address, pgoff = vma->vm_pgoff;
	int err;

	count_mmap++;
	for (address = vma->vm_start; address < vma->vm_end; address += PAGE_SIZE, pgoff++) {
		struct page *page = kind_page(pgoff);

		if (!page)
			return -ENXIO;
		err = vm_insert_page(vma, address, page);
		if (err)
			return err;
	}
	return 0;
}

static const struct file_operations insert_kinds_fops = {
	.owner = THIS_MODULE,
	.mmap = insert_kinds_mmap,
};

static struct miscdevice insert_kinds_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "insert-kinds",
	.fops = &insert_kinds_fops,
};

static int __init insert_kinds_init(void)
{
	int err = kinds_create();

	if (err)
		return err;
	return misc_register(&insert_kinds_device);
}
module_init(insert_kinds_init);

static void __exit insert_kinds_exit(void)
{
	misc_deregister(&insert_kinds_device);
	kinds_destroy();
}
module_exit(insert_kinds_exit);

MODULE_DESCRIPTION("Maps any kind of memory with vm_insert_page, page by page");
MODULE_LICENSE("GPL");
