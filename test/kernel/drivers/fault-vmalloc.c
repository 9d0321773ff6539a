// SPDX-License-Identifier: MIT
/*
 * Gives the pages of vmalloc memory from its fault handler; each open file has memory of its own, freed by release.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/vmalloc.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

#define MEMORY_SIZE (6 * PAGE_SIZE)

static vm_fault_t fault_vmalloc_fault(struct vm_fault *vmf)
{
	void *memory = vmf->vma->vm_private_data;

	count_fault++;
	if (vmf->pgoff >= MEMORY_SIZE >> PAGE_SHIFT)
		return VM_FAULT_SIGBUS;
	vmf->page = vmalloc_to_page(memory + (vmf->pgoff << PAGE_SHIFT));
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct fault_vmalloc_vm_ops = {
	.fault = fault_vmalloc_fault,
};

static int fault_vmalloc_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_pgoff + vma_pages(vma) > MEMORY_SIZE >> PAGE_SHIFT)
		return -EINVAL;
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_private_data = file->private_data;
	vma->vm_ops = &fault_vmalloc_vm_ops;
	return 0;
}

static int fault_vmalloc_open(struct inode *inode, struct file *file)
{
	u32 *memory = vmalloc_user(MEMORY_SIZE);

	if (!memory)
		return -ENOMEM;
	memory[0] = 0xf1e1d;
	file->private_data = memory;
	return 0;
}

static int fault_vmalloc_release(struct inode *inode, struct file *file)
{
	vfree(file->private_data);
	return 0;
}

static const struct file_operations fault_vmalloc_fops = {
	.owner = THIS_MODULE,
	.open = fault_vmalloc_open,
	.release = fault_vmalloc_release,
	.mmap = fault_vmalloc_mmap,
};

static struct miscdevice fault_vmalloc_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "fault-vmalloc",
	.fops = &fault_vmalloc_fops,
};
module_misc_device(fault_vmalloc_device);

MODULE_DESCRIPTION("Gives the pages of vmalloc memory from its fault handler; each open file has memory of its own, freed by release");
MODULE_LICENSE("GPL");
