// SPDX-License-Identifier: MIT
/*
 * Mixes raw pfns (even pages) and counted pages (odd pages) in one vma with VM_MIXEDMAP, both from the fault handler.
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

static struct page *mixed_and_counted_block;

static vm_fault_t mixed_and_counted_fault(struct vm_fault *vmf)
{
	struct page *page;

	count_fault++;
	if (vmf->pgoff >= 4)
		return VM_FAULT_SIGBUS;
	page = mixed_and_counted_block + vmf->pgoff;
	if (vmf->pgoff & 1)
		return vmf_insert_page(vmf->vma, vmf->address, page);
	return vmf_insert_mixed(vmf->vma, vmf->address, __pfn_to_pfn_t(page_to_pfn(page), PFN_DEV));
}

static const struct vm_operations_struct mixed_and_counted_vm_ops = {
	.fault = mixed_and_counted_fault,
};

static int mixed_and_counted_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vm_flags_set(vma, VM_MIXEDMAP | VM_DONTEXPAND);
	vma->vm_ops = &mixed_and_counted_vm_ops;
	return 0;
}

static const struct file_operations mixed_and_counted_fops = {
	.owner = THIS_MODULE,
	.mmap = mixed_and_counted_mmap,
};

static struct miscdevice mixed_and_counted_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "mixed-and-counted",
	.fops = &mixed_and_counted_fops,
};

static int __init mixed_and_counted_init(void)
{
	int i;

	mixed_and_counted_block = alloc_pages(GFP_KERNEL | __GFP_ZERO | __GFP_COMP, 2);
	if (!mixed_and_counted_block)
		return -ENOMEM;
	for (i = 0; i < 4; i++)
		*(u32 *)page_address(mixed_and_counted_block + i) = 0x700 + i;
	return misc_register(&mixed_and_counted_device);
}
module_init(mixed_and_counted_init);

static void __exit mixed_and_counted_exit(void)
{
	misc_deregister(&mixed_and_counted_device);
	__free_pages(mixed_and_counted_block, 2);
}
module_exit(mixed_and_counted_exit);

MODULE_DESCRIPTION("Mixes raw pfns (even pages) and counted pages (odd pages) in one vma with VM_MIXEDMAP, both from the fault handler");
MODULE_LICENSE("GPL");
