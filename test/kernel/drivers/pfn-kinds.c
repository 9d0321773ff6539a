// SPDX-License-Identifier: MIT
/*
 * Maps any kind of memory from the fault handler with vmf_insert_pfn, in a vma with VM_PFNMAP.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"
#include "kinds.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static vm_fault_t pfn_kinds_fault(struct vm_fault *vmf)
{
	struct page *page = kind_page(vmf->pgoff);

	count_fault++;
	if (!page)
		return VM_FAULT_SIGBUS;
	return vmf_insert_pfn(vmf->vma, vmf->address, page_to_pfn(page));
}

static const struct vm_operations_struct pfn_kinds_vm_ops = {
	.fault = pfn_kinds_fault,
};

static int pfn_kinds_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vm_flags_set(vma, VM_PFNMAP | VM_IO | VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_ops = &pfn_kinds_vm_ops;
	return 0;
}

static const struct file_operations pfn_kinds_fops = {
	.owner = THIS_MODULE,
	.mmap = pfn_kinds_mmap,
};

static struct miscdevice pfn_kinds_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "pfn-kinds",
	.fops = &pfn_kinds_fops,
};

static int __init pfn_kinds_init(void)
{
	int err = kinds_create();

	if (err)
		return err;
	return misc_register(&pfn_kinds_device);
}
module_init(pfn_kinds_init);

static void __exit pfn_kinds_exit(void)
{
	misc_deregister(&pfn_kinds_device);
	kinds_destroy();
}
module_exit(pfn_kinds_exit);

MODULE_DESCRIPTION("Maps any kind of memory from the fault handler with vmf_insert_pfn, in a vma with VM_PFNMAP");
MODULE_LICENSE("GPL");
