// SPDX-License-Identifier: MIT
/*
 * Inserts the pfns of the whole vma at the first fault, wherever it is.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static struct page *pfn_whole_block;

static vm_fault_t pfn_whole_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long address, pfn = page_to_pfn(pfn_whole_block);
	vm_fault_t result = VM_FAULT_NOPAGE;

	count_fault++;
	for (address = vma->vm_start; address < vma->vm_end; address += PAGE_SIZE, pfn++) {
		result = vmf_insert_pfn(vma, address, pfn);
		if (result & VM_FAULT_ERROR)
			break;
	}
	return result;
}

static const struct vm_operations_struct pfn_whole_vm_ops = {
	.fault = pfn_whole_fault,
};

static int pfn_whole_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_pgoff || vma_pages(vma) > 4)
		return -EINVAL;
	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	vm_flags_set(vma, VM_PFNMAP | VM_IO | VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_ops = &pfn_whole_vm_ops;
	return 0;
}

static const struct file_operations pfn_whole_fops = {
	.owner = THIS_MODULE,
	.mmap = pfn_whole_mmap,
};

static struct miscdevice pfn_whole_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "pfn-whole",
	.fops = &pfn_whole_fops,
};

static int __init pfn_whole_init(void)
{
	pfn_whole_block = alloc_pages(GFP_KERNEL | __GFP_ZERO, 2);
	if (!pfn_whole_block)
		return -ENOMEM;
	*(u32 *)page_address(pfn_whole_block + 2) = 0xcc;
	return misc_register(&pfn_whole_device);
}
module_init(pfn_whole_init);

static void __exit pfn_whole_exit(void)
{
	misc_deregister(&pfn_whole_device);
	__free_pages(pfn_whole_block, 2);
}
module_exit(pfn_whole_exit);

MODULE_DESCRIPTION("Inserts the pfns of the whole vma at the first fault, wherever it is");
MODULE_LICENSE("GPL");
