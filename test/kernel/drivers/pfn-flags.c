// SPDX-License-Identifier: MIT
/*
 * Inserts a pfn from the fault handler in a vma with the flags that the offset selects (offset / 16): 0 VM_PFNMAP, 1 none,
 * 2 VM_MIXEDMAP, 3 VM_PFNMAP without VM_MAYWRITE, 4 both VM_PFNMAP and VM_MIXEDMAP, 5 VM_IO.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static unsigned long pfn_flags_memory;

static vm_fault_t pfn_flags_fault(struct vm_fault *vmf)
{
	count_fault++;
	if (vmf->pgoff % 16 >= 2)
		return VM_FAULT_SIGBUS;
	return vmf_insert_pfn(vmf->vma, vmf->address, (__pa(pfn_flags_memory) >> PAGE_SHIFT) + vmf->pgoff % 16);
}

static const struct vm_operations_struct pfn_flags_vm_ops = {
	.fault = pfn_flags_fault,
};

static int pfn_flags_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	switch (vma->vm_pgoff / 16) {
	case 0:
		vm_flags_set(vma, VM_PFNMAP);
		break;
	case 1:
		break;
	case 2:
		vm_flags_set(vma, VM_MIXEDMAP);
		break;
	case 3:
		vm_flags_clear(vma, VM_MAYWRITE);
		vm_flags_set(vma, VM_PFNMAP);
		break;
	case 4:
		vm_flags_set(vma, VM_PFNMAP | VM_MIXEDMAP);
		break;
	case 5:
		vm_flags_set(vma, VM_IO);
		break;
	default:
		return -EINVAL;
	}
	vma->vm_ops = &pfn_flags_vm_ops;
	return 0;
}

static const struct file_operations pfn_flags_fops = {
	.owner = THIS_MODULE,
	.mmap = pfn_flags_mmap,
};

static struct miscdevice pfn_flags_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "pfn-flags",
	.fops = &pfn_flags_fops,
};

static int __init pfn_flags_init(void)
{
	pfn_flags_memory = __get_free_pages(GFP_KERNEL | __GFP_ZERO, 1);
	if (!pfn_flags_memory)
		return -ENOMEM;
	*(u32 *)pfn_flags_memory = 0xf1a65;
	return misc_register(&pfn_flags_device);
}
module_init(pfn_flags_init);

static void __exit pfn_flags_exit(void)
{
	misc_deregister(&pfn_flags_device);
	free_pages(pfn_flags_memory, 1);
}
module_exit(pfn_flags_exit);

MODULE_DESCRIPTION("Inserts a pfn from the fault handler in a vma with the flags that the offset selects (offset / 16)");
MODULE_LICENSE("GPL");
