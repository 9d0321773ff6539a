// SPDX-License-Identifier: MIT
/*
 * Takes the flags away that the offset selects: 0 VM_MAYWRITE, 1 VM_MAYREAD, 2 VM_MAYEXEC, 3 VM_WRITE, 4 VM_SHARED, 5
 * VM_MAYSHARE, 6 VM_WRITE and VM_MAYWRITE, 7 VM_READ. Its pages come by the fault handler.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static struct page *flags_cleared_page;

static const unsigned long flags_cleared_clear[] = {
	VM_MAYWRITE, VM_MAYREAD, VM_MAYEXEC, VM_WRITE, VM_SHARED, VM_MAYSHARE, VM_WRITE | VM_MAYWRITE, VM_READ,
};

static vm_fault_t flags_cleared_fault(struct vm_fault *vmf)
{
	count_fault++;
	get_page(flags_cleared_page);
	vmf->page = flags_cleared_page;
	return 0;
}

static const struct vm_operations_struct flags_cleared_vm_ops = {
	.fault = flags_cleared_fault,
};

static int flags_cleared_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_pgoff >= ARRAY_SIZE(flags_cleared_clear))
		return -EINVAL;
	vm_flags_clear(vma, flags_cleared_clear[vma->vm_pgoff]);
	vma->vm_ops = &flags_cleared_vm_ops;
	return 0;
}

static const struct file_operations flags_cleared_fops = {
	.owner = THIS_MODULE,
	.mmap = flags_cleared_mmap,
};

static struct miscdevice flags_cleared_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "flags-cleared",
	.fops = &flags_cleared_fops,
};

static int __init flags_cleared_init(void)
{
	flags_cleared_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!flags_cleared_page)
		return -ENOMEM;
	return misc_register(&flags_cleared_device);
}
module_init(flags_cleared_init);

static void __exit flags_cleared_exit(void)
{
	misc_deregister(&flags_cleared_device);
	__free_page(flags_cleared_page);
}
module_exit(flags_cleared_exit);

MODULE_DESCRIPTION("Takes the flags away that the offset selects");
MODULE_LICENSE("GPL");
