// SPDX-License-Identifier: MIT
/*
 * Maps any kind of memory from the fault handler with vmf_insert_mixed, in a vma with VM_MIXEDMAP.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pfn_t.h>

#include "compat.h"
#include "kinds.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static vm_fault_t mixed_kinds_fault(struct vm_fault *vmf)
{
	struct page *page = kind_page(vmf->pgoff);

	count_fault++;
	if (!page)
		return VM_FAULT_SIGBUS;
	return vmf_insert_mixed(vmf->vma, vmf->address, __pfn_to_pfn_t(page_to_pfn(page), PFN_DEV));
}

static const struct vm_operations_struct mixed_kinds_vm_ops = {
	.fault = mixed_kinds_fault,
};

static int mixed_kinds_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vm_flags_set(vma, VM_MIXEDMAP);
	vma->vm_ops = &mixed_kinds_vm_ops;
	return 0;
}

static const struct file_operations mixed_kinds_fops = {
	.owner = THIS_MODULE,
	.mmap = mixed_kinds_mmap,
};

static struct miscdevice mixed_kinds_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "mixed-kinds",
	.fops = &mixed_kinds_fops,
};

static int __init mixed_kinds_init(void)
{
	int err = kinds_create();

	if (err)
		return err;
	return misc_register(&mixed_kinds_device);
}
module_init(mixed_kinds_init);

static void __exit mixed_kinds_exit(void)
{
	misc_deregister(&mixed_kinds_device);
	kinds_destroy();
}
module_exit(mixed_kinds_exit);

MODULE_DESCRIPTION("Maps any kind of memory from the fault handler with vmf_insert_mixed, in a vma with VM_MIXEDMAP");
MODULE_LICENSE("GPL");
