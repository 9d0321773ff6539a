// SPDX-License-Identifier: MIT
/*
 * Inserts pfns that are writable at once with vmf_insert_mixed_mkwrite, in a vma with VM_MIXEDMAP. Modules of 6.12 may not
 * call it: there the entry is made read-only first.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pfn_t.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static struct page *mixed_mkwrite_block;

static vm_fault_t mixed_mkwrite_fault(struct vm_fault *vmf)
{
	unsigned long pfn = page_to_pfn(mixed_mkwrite_block) + vmf->pgoff;

	count_fault++;
	if (vmf->pgoff >= 4)
		return VM_FAULT_SIGBUS;
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
	if (vmf->flags & FAULT_FLAG_WRITE)
		return vmf_insert_mixed_mkwrite(vmf->vma, vmf->address, __pfn_to_pfn_t(pfn, PFN_DEV));
#endif
	return vmf_insert_mixed(vmf->vma, vmf->address, __pfn_to_pfn_t(pfn, PFN_DEV));
}

static const struct vm_operations_struct mixed_mkwrite_vm_ops = {
	.fault = mixed_mkwrite_fault,
};

static int mixed_mkwrite_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vm_flags_set(vma, VM_MIXEDMAP);
	vma->vm_ops = &mixed_mkwrite_vm_ops;
	return 0;
}

static const struct file_operations mixed_mkwrite_fops = {
	.owner = THIS_MODULE,
	.mmap = mixed_mkwrite_mmap,
};

static struct miscdevice mixed_mkwrite_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "mixed-mkwrite",
	.fops = &mixed_mkwrite_fops,
};

static int __init mixed_mkwrite_init(void)
{
	mixed_mkwrite_block = alloc_pages(GFP_KERNEL | __GFP_ZERO, 2);
	if (!mixed_mkwrite_block)
		return -ENOMEM;
	return misc_register(&mixed_mkwrite_device);
}
module_init(mixed_mkwrite_init);

static void __exit mixed_mkwrite_exit(void)
{
	misc_deregister(&mixed_mkwrite_device);
	__free_pages(mixed_mkwrite_block, 2);
}
module_exit(mixed_mkwrite_exit);

MODULE_DESCRIPTION("Inserts pfns that are writable at once with vmf_insert_mixed_mkwrite, in a vma with VM_MIXEDMAP");
MODULE_LICENSE("GPL");
