// SPDX-License-Identifier: MIT
/*
 * Looks at the flags of the fault: gives a page of its own for reading and another one for writing, and answers faults of
 * instructions with SIGBUS.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static struct page *fault_writes_read, *fault_writes_write;

static vm_fault_t fault_writes_fault(struct vm_fault *vmf)
{
	count_fault++;
	if (vmf->flags & FAULT_FLAG_INSTRUCTION)
		return VM_FAULT_SIGBUS;
	vmf->page = vmf->flags & FAULT_FLAG_WRITE ? fault_writes_write : fault_writes_read;
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct fault_writes_vm_ops = {
	.fault = fault_writes_fault,
};

static int fault_writes_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_ops = &fault_writes_vm_ops;
	return 0;
}

static const struct file_operations fault_writes_fops = {
	.owner = THIS_MODULE,
	.mmap = fault_writes_mmap,
};

static struct miscdevice fault_writes_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "fault-writes",
	.fops = &fault_writes_fops,
};

static int __init fault_writes_init(void)
{
	fault_writes_read = alloc_page(GFP_KERNEL | __GFP_ZERO);
	fault_writes_write = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!fault_writes_read || !fault_writes_write)
		return -ENOMEM;
	*(u32 *)page_address(fault_writes_read) = 0x4ead;
	*(u32 *)page_address(fault_writes_write) = 0x3417e;
	return misc_register(&fault_writes_device);
}
module_init(fault_writes_init);

static void __exit fault_writes_exit(void)
{
	misc_deregister(&fault_writes_device);
	__free_page(fault_writes_read);
	__free_page(fault_writes_write);
}
module_exit(fault_writes_exit);

MODULE_DESCRIPTION("Looks at the flags of the fault");
MODULE_LICENSE("GPL");
