// SPDX-License-Identifier: MIT
/* A window of 4 MiB that huge_fault maps by whole PMDs where it can, and fault by pages elsewhere. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pfn_t.h>
#include <linux/version.h>

#include "compat.h"

#define PMD_WINDOW_BASE 0x18000000UL
#define PMD_WINDOW_SIZE (4UL << 20)

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static vm_fault_t pmd_window_fault(struct vm_fault *vmf)
{
	unsigned long offset = vmf->pgoff << PAGE_SHIFT;

	count_fault++;
	if (offset >= PMD_WINDOW_SIZE)
		return VM_FAULT_SIGBUS;
	return vmf_insert_pfn(vmf->vma, vmf->address, (PMD_WINDOW_BASE + offset) >> PAGE_SHIFT);
}

static vm_fault_t pmd_window_whole(struct vm_fault *vmf)
{
	unsigned long start = vmf->address & PMD_MASK;
	unsigned long offset = (start - vmf->vma->vm_start) + (vmf->vma->vm_pgoff << PAGE_SHIFT);

	if (start < vmf->vma->vm_start || start + PMD_SIZE > vmf->vma->vm_end)
		return VM_FAULT_FALLBACK;
	if (offset & ~PMD_MASK || offset + PMD_SIZE > PMD_WINDOW_SIZE)
		return VM_FAULT_FALLBACK;
	return vmf_insert_pfn_pmd(vmf, phys_to_pfn_t(PMD_WINDOW_BASE + offset, PFN_DEV), vmf->flags & FAULT_FLAG_WRITE);
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
static vm_fault_t pmd_window_huge_fault(struct vm_fault *vmf, enum page_entry_size size)
{
	return size == PE_SIZE_PMD ? pmd_window_whole(vmf) : VM_FAULT_FALLBACK;
}
#else
static vm_fault_t pmd_window_huge_fault(struct vm_fault *vmf, unsigned int order)
{
	return order == PMD_ORDER ? pmd_window_whole(vmf) : VM_FAULT_FALLBACK;
}
#endif

static const struct vm_operations_struct pmd_window_vm_ops = {
	.fault = pmd_window_fault,
	.huge_fault = pmd_window_huge_fault,
};

static int pmd_window_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	vm_flags_set(vma, VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_ops = &pmd_window_vm_ops;
	return 0;
}

static const struct file_operations pmd_window_fops = {
	.owner = THIS_MODULE,
	.mmap = pmd_window_mmap,
};

static struct miscdevice pmd_window_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "pmd-window",
	.fops = &pmd_window_fops,
};
module_misc_device(pmd_window_device);

MODULE_DESCRIPTION("A window that is mapped by whole PMDs where it can be");
MODULE_LICENSE("GPL");
