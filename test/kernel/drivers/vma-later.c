// SPDX-License-Identifier: MIT
/*
 * Changes the flags and the protection of its vma after it was mapped, by ioctl, with the mmap lock held for writing: 0x101 adds the flags of the argument, 0x102 takes
 * them away, 0x103 computes vm_page_prot anew, 0x104 makes the protection uncached, 0x105 takes the operations away, 0x106 zaps all entries, 0x107 tells vm_flags.
 * The vma is looked up by the address in the device's last mapping, as vma_lookup() finds it.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

#define LATER_ORDER 2

static struct page *later_block;
static unsigned long later_address;

static vm_fault_t later_fault(struct vm_fault *vmf)
{
	count_fault++;
	if (vmf->pgoff % 16 >= 1 << LATER_ORDER)
		return VM_FAULT_SIGBUS;
	if (vmf->vma->vm_flags & VM_PFNMAP)
		return vmf_insert_pfn(vmf->vma, vmf->address, page_to_pfn(later_block) + vmf->pgoff % 16);
	vmf->page = later_block + vmf->pgoff % 16;
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct later_vm_ops = {
	.fault = later_fault,
};

static int later_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_ops = &later_vm_ops;
	if (vma->vm_pgoff >= 16)
		vm_flags_set(vma, VM_PFNMAP);
	later_address = vma->vm_start;
	return 0;
}

static long later_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct vm_area_struct *vma;
	long result = 0;

	mmap_write_lock(current->mm);
	vma = find_vma(current->mm, later_address);
	if (!vma || vma->vm_start > later_address) {
		result = -ENOENT;
		goto unlock;
	}
	switch (command) {
	case 0x101:
		vm_flags_set(vma, argument);
		break;
	case 0x102:
		vm_flags_clear(vma, argument);
		break;
	case 0x103:
		vma->vm_page_prot = vm_get_page_prot(vma->vm_flags);
		break;
	case 0x104:
		vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
		break;
	case 0x105:
		vma->vm_ops = NULL;
		break;
	case 0x106:
		zap_vma_ptes(vma, vma->vm_start, vma->vm_end - vma->vm_start);
		break;
	case 0x107:
		result = vma->vm_flags & 0x7fffff;
		break;
	default:
		result = -ENOTTY;
	}
unlock:
	mmap_write_unlock(current->mm);
	return result;
}

static const struct file_operations later_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = later_ioctl,
	.mmap = later_mmap,
};

static struct miscdevice later_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "vma-later",
	.fops = &later_fops,
};

static int __init later_init(void)
{
	int i;

	later_block = alloc_pages(GFP_KERNEL | __GFP_COMP | __GFP_ZERO, LATER_ORDER);
	if (!later_block)
		return -ENOMEM;
	for (i = 0; i < 1 << LATER_ORDER; i++)
		*(u32 *)page_address(later_block + i) = 0x1a7e0 + i;
	return misc_register(&later_device);
}
module_init(later_init);

static void __exit later_exit(void)
{
	misc_deregister(&later_device);
	__free_pages(later_block, LATER_ORDER);
}
module_exit(later_exit);

MODULE_DESCRIPTION("Changes its vma after it was mapped");
MODULE_LICENSE("GPL");
