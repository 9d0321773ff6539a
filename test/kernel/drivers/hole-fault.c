// SPDX-License-Identifier: MIT
/*
 * Inserts pfns that no struct page describes from the fault handler: by vmf_insert_pfn, or by vmf_insert_mixed in mappings
 * that begin at offset 16 or later.
 */
#include <linux/fs.h>
#include <linux/ioport.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pfn_t.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

#define WINDOW_START 0x18000000UL
#define WINDOW_SIZE (128UL << 20)

static vm_fault_t hole_fault_fault(struct vm_fault *vmf)
{
	unsigned long pfn = (WINDOW_START >> PAGE_SHIFT) + vmf->pgoff;

	count_fault++;
	if (vmf->pgoff >= WINDOW_SIZE >> PAGE_SHIFT)
		return VM_FAULT_SIGBUS;
	if (vmf->vma->vm_flags & VM_MIXEDMAP)
		return vmf_insert_mixed(vmf->vma, vmf->address, __pfn_to_pfn_t(pfn, PFN_DEV));
	return vmf_insert_pfn(vmf->vma, vmf->address, pfn);
}

static const struct vm_operations_struct hole_fault_vm_ops = {
	.fault = hole_fault_fault,
};

static int hole_fault_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vm_flags_set(vma, vma->vm_pgoff >= 16 ? VM_MIXEDMAP : VM_PFNMAP | VM_IO);
	vma->vm_ops = &hole_fault_vm_ops;
	return 0;
}

static const struct file_operations hole_fault_fops = {
	.owner = THIS_MODULE,
	.mmap = hole_fault_mmap,
};

static struct miscdevice hole_fault_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "hole-fault",
	.fops = &hole_fault_fops,
};

static int __init hole_fault_init(void)
{
	if (!request_mem_region(WINDOW_START, WINDOW_SIZE, "hole_fault"))
		return -EBUSY;
	return misc_register(&hole_fault_device);
}
module_init(hole_fault_init);

static void __exit hole_fault_exit(void)
{
	misc_deregister(&hole_fault_device);
	release_mem_region(WINDOW_START, WINDOW_SIZE);
}
module_exit(hole_fault_exit);

MODULE_DESCRIPTION("Inserts pfns that no struct page describes from the fault handler");
MODULE_LICENSE("GPL");
