// SPDX-License-Identifier: MIT
/*
 * Inserts a pfn from the fault handler at an address outside the vma: one page past it.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static unsigned long pfn_outside_memory;

static vm_fault_t pfn_outside_fault(struct vm_fault *vmf)
{
	count_fault++;
	return vmf_insert_pfn(vmf->vma, vmf->vma->vm_end, __pa(pfn_outside_memory) >> PAGE_SHIFT);
}

static const struct vm_operations_struct pfn_outside_vm_ops = {
	.fault = pfn_outside_fault,
};

static int pfn_outside_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vm_flags_set(vma, VM_PFNMAP);
	vma->vm_ops = &pfn_outside_vm_ops;
	return 0;
}

static const struct file_operations pfn_outside_fops = {
	.owner = THIS_MODULE,
	.mmap = pfn_outside_mmap,
};

static struct miscdevice pfn_outside_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "pfn-outside",
	.fops = &pfn_outside_fops,
};

static int __init pfn_outside_init(void)
{
	pfn_outside_memory = get_zeroed_page(GFP_KERNEL);
	if (!pfn_outside_memory)
		return -ENOMEM;
	return misc_register(&pfn_outside_device);
}
module_init(pfn_outside_init);

static void __exit pfn_outside_exit(void)
{
	misc_deregister(&pfn_outside_device);
	free_page(pfn_outside_memory);
}
module_exit(pfn_outside_exit);

MODULE_DESCRIPTION("Inserts a pfn from the fault handler at an address outside the vma");
MODULE_LICENSE("GPL");
