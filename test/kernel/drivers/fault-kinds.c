// SPDX-License-Identifier: MIT
/*
 * Gives any kind of memory from its fault handler, each time with a reference of its own.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "kinds.h"

static unsigned int count_mmap, count_open, count_close, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);
module_param(count_fault, uint, 0444);

static vm_fault_t fault_kinds_fault(struct vm_fault *vmf)
{
	struct page *page = kind_page(vmf->pgoff);

	count_fault++;
	if (!page)
		return VM_FAULT_SIGBUS;
	get_page(page);
	vmf->page = page;
	return 0;
}

static void fault_kinds_open(struct vm_area_struct *vma)
{
	count_open++;
}

static void fault_kinds_close(struct vm_area_struct *vma)
{
	count_close++;
}

static const struct vm_operations_struct fault_kinds_vm_ops = {
	.open = fault_kinds_open,
	.close = fault_kinds_close,
	.fault = fault_kinds_fault,
};

static int fault_kinds_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_ops = &fault_kinds_vm_ops;
	return 0;
}

static const struct file_operations fault_kinds_fops = {
	.owner = THIS_MODULE,
	.mmap = fault_kinds_mmap,
};

static struct miscdevice fault_kinds_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "fault-kinds",
	.fops = &fault_kinds_fops,
};

static int __init fault_kinds_init(void)
{
	int err = kinds_create();

	if (err)
		return err;
	return misc_register(&fault_kinds_device);
}
module_init(fault_kinds_init);

static void __exit fault_kinds_exit(void)
{
	misc_deregister(&fault_kinds_device);
	kinds_destroy();
}
module_exit(fault_kinds_exit);

MODULE_DESCRIPTION("Gives any kind of memory from its fault handler, each time with a reference of its own");
MODULE_LICENSE("GPL");
