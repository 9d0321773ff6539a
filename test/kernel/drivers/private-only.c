// SPDX-License-Identifier: MIT
/*
 * A template that programs get copies of: only private mappings are allowed, from a file that was opened for reading. The pages come by vmalloc_to_page() on faults, for
 * odd offsets all at once by vm_insert_page(). ioctl 0x101 changes the template under its readers, 0x102 compares a byte of the program with it.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

#define TEMPLATE_BYTES (5 * PAGE_SIZE)

static char *template;

static vm_fault_t template_fault(struct vm_fault *vmf)
{
	unsigned long offset = vmf->pgoff << PAGE_SHIFT;

	count_fault++;
	if (offset >= TEMPLATE_BYTES)
		return VM_FAULT_SIGBUS;
	if (vmf->cow_page && offset == 4 * PAGE_SIZE)
		return VM_FAULT_SIGSEGV;
	vmf->page = vmalloc_to_page(template + offset);
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct template_vm_ops = {
	.fault = template_fault,
};

static int template_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long address, offset = vma->vm_pgoff << PAGE_SHIFT;
	int err;

	count_mmap++;
	if (vma->vm_flags & VM_SHARED)
		return -EINVAL;
	if (vma->vm_flags & VM_EXEC)
		return -EPERM;
	vm_flags_clear(vma, VM_MAYEXEC);
	vma->vm_ops = &template_vm_ops;
	if (!(vma->vm_pgoff & 1))
		return 0;
	for (address = vma->vm_start; address < vma->vm_end && offset < TEMPLATE_BYTES; address += PAGE_SIZE, offset += PAGE_SIZE) {
		err = vm_insert_page(vma, address, vmalloc_to_page(template + offset));
		if (err)
			return err;
	}
	return 0;
}

static long template_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	char byte;

	switch (command) {
	case 0x101:
		memset(template + (argument << PAGE_SHIFT), 'x', 8);
		return 0;
	case 0x102:
		if (get_user(byte, (char __user *)argument))
			return -EFAULT;
		return byte == template[0];
	}
	return -ENOTTY;
}

static int template_open(struct inode *inode, struct file *file)
{
	if ((file->f_flags & O_ACCMODE) == O_WRONLY)
		return -EACCES;
	return 0;
}

static const struct file_operations template_fops = {
	.owner = THIS_MODULE,
	.open = template_open,
	.unlocked_ioctl = template_ioctl,
	.mmap = template_mmap,
};

static struct miscdevice template_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "private-only",
	.fops = &template_fops,
};

static int __init template_init(void)
{
	int i, err;

	template = vzalloc(TEMPLATE_BYTES);
	if (!template)
		return -ENOMEM;
	for (i = 0; i < 5; i++)
		snprintf(template + i * PAGE_SIZE, 16, "page %d", i);
	err = misc_register(&template_device);
	if (err)
		vfree(template);
	return err;
}
module_init(template_init);

static void __exit template_exit(void)
{
	misc_deregister(&template_device);
	vfree(template);
}
module_exit(template_exit);

MODULE_DESCRIPTION("A template that programs get copies of");
MODULE_LICENSE("GPL");
