// SPDX-License-Identifier: MIT
/*
 * Inserts pfns with vmf_insert_pfn in the mmap function itself, all but the last page; the fault handler answers with
 * SIGBUS.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static struct page *pfn_early_block;

static vm_fault_t pfn_early_fault(struct vm_fault *vmf)
{
	count_fault++;
	return VM_FAULT_SIGBUS;
}

static const struct vm_operations_struct pfn_early_vm_ops = {
	.fault = pfn_early_fault,
};

static int pfn_early_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long i;

	count_mmap++;
	if (vma_pages(vma) > 4)
		return -EINVAL;
	vm_flags_set(vma, VM_PFNMAP);
	vma->vm_ops = &pfn_early_vm_ops;
	for (i = 0; i + 1 < vma_pages(vma); i++) {
		if (vmf_insert_pfn(vma, vma->vm_start + i * PAGE_SIZE, page_to_pfn(pfn_early_block) + i) != VM_FAULT_NOPAGE)
			return -EFAULT;
	}
	return 0;
}

static const struct file_operations pfn_early_fops = {
	.owner = THIS_MODULE,
	.mmap = pfn_early_mmap,
};

static struct miscdevice pfn_early_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "pfn-early",
	.fops = &pfn_early_fops,
};

static int __init pfn_early_init(void)
{
	pfn_early_block = alloc_pages(GFP_KERNEL | __GFP_ZERO, 2);
	if (!pfn_early_block)
		return -ENOMEM;
	*(u32 *)page_address(pfn_early_block) = 0xea;
	return misc_register(&pfn_early_device);
}
module_init(pfn_early_init);

static void __exit pfn_early_exit(void)
{
	misc_deregister(&pfn_early_device);
	__free_pages(pfn_early_block, 2);
}
module_exit(pfn_early_exit);

MODULE_DESCRIPTION("Inserts pfns with vmf_insert_pfn in the mmap function itself, all but the last page; the fault handler answers with SIGBUS");
MODULE_LICENSE("GPL");
