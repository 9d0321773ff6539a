// SPDX-License-Identifier: MIT
/*
 * The aperture of a card, whose frames come when they are touched: memory without struct pages, so not by nopage. nopfn was made
 * for it in 2.6.19; from 2.6.27 on fault does it with vm_insert_pfn().
 */
#include <linux/version.h>
#include <linux/module.h>
#include <linux/init.h>
#include <linux/fs.h>
#include <linux/mm.h>

#define APERTURE_MAJOR 129
#define APERTURE_BASE 0xfc000000UL
#define APERTURE_SIZE (4 * PAGE_SIZE)

#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 27)
static unsigned long aperture_nopfn(struct vm_area_struct *vma, unsigned long address)
{
	unsigned long offset = (address - vma->vm_start) + (vma->vm_pgoff << PAGE_SHIFT);

	if (offset >= APERTURE_SIZE)
		return NOPFN_SIGBUS;
	return (APERTURE_BASE + offset) >> PAGE_SHIFT;
}
#else
static int aperture_fault(struct vm_area_struct *vma, struct vm_fault *vmf)
{
	unsigned long address = vma->vm_start + ((vmf->pgoff - vma->vm_pgoff) << PAGE_SHIFT);

	if (vmf->pgoff >= APERTURE_SIZE >> PAGE_SHIFT)
		return VM_FAULT_SIGBUS;
	if (vm_insert_pfn(vma, address, (APERTURE_BASE >> PAGE_SHIFT) + vmf->pgoff))
		return VM_FAULT_SIGBUS;
	return VM_FAULT_NOPAGE;
}
#endif

static struct vm_operations_struct aperture_vm_ops = {
#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 27)
	.nopfn	= aperture_nopfn,
#else
	.fault	= aperture_fault,
#endif
};

static int aperture_mmap(struct file *file, struct vm_area_struct *vma)
{
	if ((vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE)
		return -EINVAL;
	vma->vm_flags |= VM_IO | VM_RESERVED | VM_PFNMAP;
	vma->vm_ops = &aperture_vm_ops;
	return 0;
}

static struct file_operations aperture_fops = {
	.owner	= THIS_MODULE,
	.mmap	= aperture_mmap,
};

static int __init aperture_init(void)
{
	if (!request_mem_region(APERTURE_BASE, APERTURE_SIZE, "aperture"))
		return -EBUSY;
	return register_chrdev(APERTURE_MAJOR, "aperture", &aperture_fops);
}

module_init(aperture_init);
