// SPDX-License-Identifier: MIT
/*
 * Sets the flags of the vma that the offset selects from a table and maps its pages with remap_pfn_range (offset below 32)
 * or by its fault handler (from 32 on).
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap, count_open, count_close, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);
module_param(count_fault, uint, 0444);

static unsigned long flags_memory;

static const unsigned long flags_set[] = {
	0, VM_IO, VM_DONTEXPAND, VM_DONTDUMP, VM_DONTCOPY, VM_PFNMAP, VM_MIXEDMAP, VM_IO | VM_DONTEXPAND | VM_DONTDUMP,
	VM_LOCKED, VM_NORESERVE, VM_SEQ_READ, VM_ACCOUNT, VM_MAYEXEC, VM_DONTCOPY | VM_IO, VM_MIXEDMAP | VM_DONTEXPAND,
};

static vm_fault_t flags_fault(struct vm_fault *vmf)
{
	count_fault++;
	vmf->page = virt_to_page(flags_memory);
	get_page(vmf->page);
	return 0;
}

static void flags_open(struct vm_area_struct *vma)
{
	count_open++;
}

static void flags_close(struct vm_area_struct *vma)
{
	count_close++;
}

static const struct vm_operations_struct flags_vm_ops = {
	.open = flags_open,
	.close = flags_close,
	.fault = flags_fault,
};

static int flags_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long which = vma->vm_pgoff & 31;

	count_mmap++;
	if (which >= ARRAY_SIZE(flags_set))
		return -EINVAL;
	vm_flags_set(vma, flags_set[which]);
	if (vma->vm_pgoff >= 32) {
		vma->vm_ops = &flags_vm_ops;
		return 0;
	}
	if (vma_pages(vma) > 4)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, __pa(flags_memory) >> PAGE_SHIFT, vma->vm_end - vma->vm_start,
			       vma->vm_page_prot);
}

static const struct file_operations flags_fops = {
	.owner = THIS_MODULE,
	.mmap = flags_mmap,
};

static struct miscdevice flags_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "flags",
	.fops = &flags_fops,
};

static int __init flags_init(void)
{
	flags_memory = __get_free_pages(GFP_KERNEL | __GFP_ZERO, 2);
	if (!flags_memory)
		return -ENOMEM;
	*(u32 *)flags_memory = 0xf1a;
	return misc_register(&flags_device);
}
module_init(flags_init);

static void __exit flags_exit(void)
{
	misc_deregister(&flags_device);
	free_pages(flags_memory, 2);
}
module_exit(flags_exit);

MODULE_DESCRIPTION("Sets the flags of the vma that the offset selects from a table and maps its pages with remap_pfn_range (offset below 32) or by its fault handler (from 32 on)");
MODULE_LICENSE("GPL");
