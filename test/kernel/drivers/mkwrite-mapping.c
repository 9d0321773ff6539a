// SPDX-License-Identifier: MIT
/*
 * Gives pages that belong to the address space of the file, as drivers with deferred writes do, and is asked before the
 * first write.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>

#include "compat.h"

static unsigned int count_mmap, count_fault, count_page_mkwrite;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_page_mkwrite, uint, 0444);

static struct page *mkwrite_mapping_pages[2];

static vm_fault_t mkwrite_mapping_fault(struct vm_fault *vmf)
{
	count_fault++;
	if (vmf->pgoff >= 2)
		return VM_FAULT_SIGBUS;
	vmf->page = mkwrite_mapping_pages[vmf->pgoff];
	get_page(vmf->page);
	vmf->page->mapping = vmf->vma->vm_file->f_mapping;
	vmf->page->index = vmf->pgoff;
	return 0;
}

static vm_fault_t mkwrite_mapping_page_mkwrite(struct vm_fault *vmf)
{
	count_page_mkwrite++;
	lock_page(vmf->page);
	return VM_FAULT_LOCKED;
}

static const struct vm_operations_struct mkwrite_mapping_vm_ops = {
	.fault = mkwrite_mapping_fault,
	.page_mkwrite = mkwrite_mapping_page_mkwrite,
};

static int mkwrite_mapping_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_ops = &mkwrite_mapping_vm_ops;
	return 0;
}

static const struct file_operations mkwrite_mapping_fops = {
	.owner = THIS_MODULE,
	.mmap = mkwrite_mapping_mmap,
};

static struct miscdevice mkwrite_mapping_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "mkwrite-mapping",
	.fops = &mkwrite_mapping_fops,
};

static int __init mkwrite_mapping_init(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		mkwrite_mapping_pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!mkwrite_mapping_pages[i])
			return -ENOMEM;
	}
	return misc_register(&mkwrite_mapping_device);
}
module_init(mkwrite_mapping_init);

static void __exit mkwrite_mapping_exit(void)
{
	int i;

	misc_deregister(&mkwrite_mapping_device);
	for (i = 0; i < 2; i++)
		__free_page(mkwrite_mapping_pages[i]);
}
module_exit(mkwrite_mapping_exit);

MODULE_DESCRIPTION("Gives pages that belong to the address space of the file, as drivers with deferred writes do, and is asked before the first write");
MODULE_LICENSE("GPL");
