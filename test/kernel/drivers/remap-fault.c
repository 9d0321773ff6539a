// SPDX-License-Identifier: MIT
/*
 * Calls remap_pfn_range from the fault handler, which runs with the lock held for reading only. An odd page of the file is
 * answered with SIGBUS.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static unsigned long remap_fault_memory;

static vm_fault_t remap_fault_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;

	count_fault++;
	if (vmf->pgoff & 1)
		return VM_FAULT_SIGBUS;
	if (remap_pfn_range(vma, vmf->address & PAGE_MASK, __pa(remap_fault_memory) >> PAGE_SHIFT, PAGE_SIZE, vma->vm_page_prot))
		return VM_FAULT_SIGBUS;
	return VM_FAULT_NOPAGE;
}

static const struct vm_operations_struct remap_fault_vm_ops = {
	.fault = remap_fault_fault,
};

static int remap_fault_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vm_flags_set(vma, VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_ops = &remap_fault_vm_ops;
	return 0;
}

static const struct file_operations remap_fault_fops = {
	.owner = THIS_MODULE,
	.mmap = remap_fault_mmap,
};

static struct miscdevice remap_fault_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "remap-fault",
	.fops = &remap_fault_fops,
};

static int __init remap_fault_init(void)
{
	remap_fault_memory = get_zeroed_page(GFP_KERNEL);
	if (!remap_fault_memory)
		return -ENOMEM;
	*(u32 *)remap_fault_memory = 0xfa;
	return misc_register(&remap_fault_device);
}
module_init(remap_fault_init);

static void __exit remap_fault_exit(void)
{
	misc_deregister(&remap_fault_device);
	free_page(remap_fault_memory);
}
module_exit(remap_fault_exit);

MODULE_DESCRIPTION("Calls remap_pfn_range from the fault handler, which runs with the lock held for reading only");
MODULE_LICENSE("GPL");
