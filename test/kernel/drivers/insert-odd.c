// SPDX-License-Identifier: MIT
/*
 * Calls vm_insert_page with what the offset selects: 0 an address past the vma, 1 before it, 2 inside a page, 3 a page
 * without references, 4 a vma that has VM_PFNMAP.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static struct page *insert_odd_page;

static int insert_odd_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct page *free;

	count_mmap++;
	switch (vma->vm_pgoff) {
	case 0:
		return vm_insert_page(vma, vma->vm_end, insert_odd_page);
	case 1:
		return vm_insert_page(vma, vma->vm_start - PAGE_SIZE, insert_odd_page);
	case 2:
		return vm_insert_page(vma, vma->vm_start + 8, insert_odd_page);
	case 3:
		free = alloc_page(GFP_KERNEL);
		if (!free)
			return -ENOMEM;
		__free_page(free);
		return vm_insert_page(vma, vma->vm_start, free);
	case 4:
		vm_flags_set(vma, VM_PFNMAP);
		return vm_insert_page(vma, vma->vm_start, insert_odd_page);
	}
	return -ENXIO;
}

static const struct file_operations insert_odd_fops = {
	.owner = THIS_MODULE,
	.mmap = insert_odd_mmap,
};

static struct miscdevice insert_odd_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "insert-odd",
	.fops = &insert_odd_fops,
};

static int __init insert_odd_init(void)
{
	insert_odd_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!insert_odd_page)
		return -ENOMEM;
	*(u32 *)page_address(insert_odd_page) = 0x0dd;
	return misc_register(&insert_odd_device);
}
module_init(insert_odd_init);

static void __exit insert_odd_exit(void)
{
	misc_deregister(&insert_odd_device);
	__free_page(insert_odd_page);
}
module_exit(insert_odd_exit);

MODULE_DESCRIPTION("Calls vm_insert_page with what the offset selects");
MODULE_LICENSE("GPL");
