// SPDX-License-Identifier: MIT
/*
 * Inserts pfns that are asked about before the first write: pfn_mkwrite answers by the page of the file: 0 0, 1 SIGBUS, 2
 * NOPAGE the first time, 3 0 and VM_MIXEDMAP instead of VM_PFNMAP is chosen by offset 3 of the mapping.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pfn_t.h>

#include "compat.h"

static unsigned int count_mmap, count_fault, count_pfn_mkwrite;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_pfn_mkwrite, uint, 0444);

static struct page *pfn_mkwrite_block;
static int pfn_mkwrite_asked;

static vm_fault_t pfn_mkwrite_fault(struct vm_fault *vmf)
{
	count_fault++;
	if (vmf->pgoff >= 4)
		return VM_FAULT_SIGBUS;
	if (vmf->pgoff == 3)
		return vmf_insert_mixed(vmf->vma, vmf->address, __pfn_to_pfn_t(page_to_pfn(pfn_mkwrite_block) + 3, PFN_DEV));
	return vmf_insert_pfn(vmf->vma, vmf->address, page_to_pfn(pfn_mkwrite_block) + vmf->pgoff);
}

static vm_fault_t pfn_mkwrite_pfn_mkwrite(struct vm_fault *vmf)
{
	count_pfn_mkwrite++;
	if (vmf->pgoff == 1)
		return VM_FAULT_SIGBUS;
	if (vmf->pgoff == 2 && pfn_mkwrite_asked++ == 0)
		return VM_FAULT_NOPAGE;
	return 0;
}

static const struct vm_operations_struct pfn_mkwrite_vm_ops = {
	.fault = pfn_mkwrite_fault,
	.pfn_mkwrite = pfn_mkwrite_pfn_mkwrite,
};

static int pfn_mkwrite_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	pfn_mkwrite_asked = 0;
	vm_flags_set(vma, vma->vm_pgoff == 3 ? VM_MIXEDMAP : VM_PFNMAP);
	vma->vm_ops = &pfn_mkwrite_vm_ops;
	return 0;
}

static const struct file_operations pfn_mkwrite_fops = {
	.owner = THIS_MODULE,
	.mmap = pfn_mkwrite_mmap,
};

static struct miscdevice pfn_mkwrite_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "pfn-mkwrite",
	.fops = &pfn_mkwrite_fops,
};

static int __init pfn_mkwrite_init(void)
{
	pfn_mkwrite_block = alloc_pages(GFP_KERNEL | __GFP_ZERO, 2);
	if (!pfn_mkwrite_block)
		return -ENOMEM;
	*(u32 *)page_address(pfn_mkwrite_block) = 0x3f4;
	return misc_register(&pfn_mkwrite_device);
}
module_init(pfn_mkwrite_init);

static void __exit pfn_mkwrite_exit(void)
{
	misc_deregister(&pfn_mkwrite_device);
	__free_pages(pfn_mkwrite_block, 2);
}
module_exit(pfn_mkwrite_exit);

MODULE_DESCRIPTION("Inserts pfns that are asked about before the first write");
MODULE_LICENSE("GPL");
