// SPDX-License-Identifier: MIT
/*
 * Takes entries away by ioctl with unmap_mapping_range: 1 all of the file, 2 the first page of it, 3 the second page to
 * the end but not the copies of private mappings, 4 as 1 and every later fault gets SIGBUS, 5 faults work again. Offsets
 * below 16 give pages by the fault handler, others pfns in VM_PFNMAP.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static struct page *unmap_range_block;
static bool unmap_range_gone;

static vm_fault_t unmap_range_fault(struct vm_fault *vmf)
{
	unsigned long index = vmf->pgoff % 16;

	count_fault++;
	if (unmap_range_gone || index >= 4)
		return VM_FAULT_SIGBUS;
	if (vmf->vma->vm_flags & VM_PFNMAP)
		return vmf_insert_pfn(vmf->vma, vmf->address, page_to_pfn(unmap_range_block) + index);
	vmf->page = unmap_range_block + index;
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct unmap_range_vm_ops = {
	.fault = unmap_range_fault,
};

static int unmap_range_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_pgoff >= 16)
		vm_flags_set(vma, VM_PFNMAP | VM_DONTEXPAND);
	vma->vm_ops = &unmap_range_vm_ops;
	return 0;
}

static long unmap_range_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	switch (command) {
	case 1:
		unmap_mapping_range(file->f_mapping, 0, 0, 1);
		return 0;
	case 2:
		unmap_mapping_range(file->f_mapping, 0, PAGE_SIZE, 1);
		return 0;
	case 3:
		unmap_mapping_range(file->f_mapping, PAGE_SIZE, 0, 0);
		return 0;
	case 4:
		unmap_range_gone = true;
		unmap_mapping_range(file->f_mapping, 0, 0, 1);
		return 0;
	case 5:
		unmap_range_gone = false;
		return 0;
	}
	return -ENOTTY;
}

static const struct file_operations unmap_range_fops = {
	.owner = THIS_MODULE,
	.mmap = unmap_range_mmap,
	.unlocked_ioctl = unmap_range_ioctl,
};

static struct miscdevice unmap_range_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "unmap-range",
	.fops = &unmap_range_fops,
};

static int __init unmap_range_init(void)
{
	unmap_range_block = alloc_pages(GFP_KERNEL | __GFP_ZERO | __GFP_COMP, 2);
	if (!unmap_range_block)
		return -ENOMEM;
	*(u32 *)page_address(unmap_range_block) = 0x1100;
	*(u32 *)page_address(unmap_range_block + 1) = 0x1101;
	return misc_register(&unmap_range_device);
}
module_init(unmap_range_init);

static void __exit unmap_range_exit(void)
{
	misc_deregister(&unmap_range_device);
	__free_pages(unmap_range_block, 2);
}
module_exit(unmap_range_exit);

MODULE_DESCRIPTION("Takes entries away by ioctl with unmap_mapping_range");
MODULE_LICENSE("GPL");
