// SPDX-License-Identifier: MIT
/*
 * Gives a page from its fault handler without a reference: the mapping takes the driver's own. Offset 1 and later are
 * answered by SIGBUS.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static struct page *fault_no_get_page;

static vm_fault_t fault_no_get_fault(struct vm_fault *vmf)
{
	count_fault++;
	if (vmf->pgoff)
		return VM_FAULT_SIGBUS;
	vmf->page = fault_no_get_page;
	return 0;
}

static const struct vm_operations_struct fault_no_get_vm_ops = {
	.fault = fault_no_get_fault,
};

static int fault_no_get_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_ops = &fault_no_get_vm_ops;
	return 0;
}

static int fault_no_get_release(struct inode *inode, struct file *file)
{
	put_page(fault_no_get_page);
	return 0;
}

static int fault_no_get_open(struct inode *inode, struct file *file)
{
	fault_no_get_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!fault_no_get_page)
		return -ENOMEM;
	get_page(fault_no_get_page);
	get_page(fault_no_get_page);
	*(u32 *)page_address(fault_no_get_page) = 0x909e7;
	return 0;
}

static const struct file_operations fault_no_get_fops = {
	.owner = THIS_MODULE,
	.open = fault_no_get_open,
	.release = fault_no_get_release,
	.mmap = fault_no_get_mmap,
};

static struct miscdevice fault_no_get_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "fault-no-get",
	.fops = &fault_no_get_fops,
};
module_misc_device(fault_no_get_device);

MODULE_DESCRIPTION("Gives a page from its fault handler without a reference");
MODULE_LICENSE("GPL");
