// SPDX-License-Identifier: MIT
/*
 * Inserts pages from the fault handler: with VM_MIXEDMAP set before (offset below 16) or not.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

#define PAGE_TOTAL 4

static struct page *insert_fault_pages[PAGE_TOTAL];

static vm_fault_t insert_fault_fault(struct vm_fault *vmf)
{
	unsigned long index = vmf->pgoff % 16;
	int err;

	count_fault++;
	if (index >= PAGE_TOTAL)
		return VM_FAULT_SIGBUS;
	err = vm_insert_page(vmf->vma, vmf->address, insert_fault_pages[index]);
	if (err < 0 && err != -EBUSY)
		return VM_FAULT_SIGBUS;
	return VM_FAULT_NOPAGE;
}

static const struct vm_operations_struct insert_fault_vm_ops = {
	.fault = insert_fault_fault,
};

static int insert_fault_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_pgoff < 16)
		vm_flags_set(vma, VM_MIXEDMAP);
	vma->vm_ops = &insert_fault_vm_ops;
	return 0;
}

static const struct file_operations insert_fault_fops = {
	.owner = THIS_MODULE,
	.mmap = insert_fault_mmap,
};

static struct miscdevice insert_fault_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "insert-fault",
	.fops = &insert_fault_fops,
};

static int __init insert_fault_init(void)
{
	int i;

	for (i = 0; i < PAGE_TOTAL; i++) {
		insert_fault_pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!insert_fault_pages[i])
			return -ENOMEM;
		*(u32 *)page_address(insert_fault_pages[i]) = 0x400 + i;
	}
	return misc_register(&insert_fault_device);
}
module_init(insert_fault_init);

static void __exit insert_fault_exit(void)
{
	int i;

	misc_deregister(&insert_fault_device);
	for (i = 0; i < PAGE_TOTAL; i++)
		__free_page(insert_fault_pages[i]);
}
module_exit(insert_fault_exit);

MODULE_DESCRIPTION("Inserts pages from the fault handler");
MODULE_LICENSE("GPL");
