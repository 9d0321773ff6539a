// SPDX-License-Identifier: MIT
/*
 * Says that its fault handler has worked but gives no page.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static vm_fault_t fault_null_fault(struct vm_fault *vmf)
{
	count_fault++;
	return 0;
}

static const struct vm_operations_struct fault_null_vm_ops = {
	.fault = fault_null_fault,
};

static int fault_null_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_ops = &fault_null_vm_ops;
	return 0;
}

static const struct file_operations fault_null_fops = {
	.owner = THIS_MODULE,
	.mmap = fault_null_mmap,
};

static struct miscdevice fault_null_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "fault-null",
	.fops = &fault_null_fops,
};
module_misc_device(fault_null_device);

MODULE_DESCRIPTION("Says that its fault handler has worked but gives no page");
MODULE_LICENSE("GPL");
