// SPDX-License-Identifier: MIT
/*
 * A page that the driver writes and programs read. What the offset selects: 0 inserted and never writable, 1 remapped and never writable, 2
 * inserted and refused to writers, 3 as 0 and not for children, 4 as 1 and private mappings refused, 5 as 0 by vmf_insert_pfn on demand.
 * ioctl 0x101 writes a number into it.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static u32 *status;

static vm_fault_t status_fault(struct vm_fault *vmf)
{
	count_fault++;
	return vmf_insert_pfn(vmf->vma, vmf->address, virt_to_phys(status) >> PAGE_SHIFT);
}

static const struct vm_operations_struct status_vm_ops = {
	.fault = status_fault,
};

static int status_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long way = vma->vm_pgoff;

	count_mmap++;
	if (vma_pages(vma) != 1)
		return -EINVAL;
	if (vma->vm_flags & VM_WRITE)
		return -EPERM;
	if (way == 4 && !(vma->vm_flags & VM_MAYSHARE))
		return -EACCES;
	if (way != 2)
		vm_flags_clear(vma, VM_MAYWRITE | VM_MAYEXEC);
	switch (way) {
	case 3:
		vm_flags_set(vma, VM_DONTCOPY);
		fallthrough;
	case 0:
	case 2:
		return vm_insert_page(vma, vma->vm_start, virt_to_page(status));
	case 1:
	case 4:
		return remap_pfn_range(vma, vma->vm_start, virt_to_phys(status) >> PAGE_SHIFT, PAGE_SIZE, vma->vm_page_prot);
	case 5:
		vm_flags_set(vma, VM_PFNMAP | VM_DONTEXPAND);
		vma->vm_ops = &status_vm_ops;
		return 0;
	}
	return -ENXIO;
}

static long status_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	if (command != 0x101)
		return -ENOIOCTLCMD;
	WRITE_ONCE(status[0], argument);
	return 0;
}

static const struct file_operations status_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = status_ioctl,
	.mmap = status_mmap,
};

static struct miscdevice status_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "status-page",
	.fops = &status_fops,
};

static int __init status_init(void)
{
	int err;

	status = (u32 *)get_zeroed_page(GFP_KERNEL);
	if (!status)
		return -ENOMEM;
	status[0] = 0x57a7;
	err = misc_register(&status_device);
	if (err)
		free_page((unsigned long)status);
	return err;
}
module_init(status_init);

static void __exit status_exit(void)
{
	misc_deregister(&status_device);
	free_page((unsigned long)status);
}
module_exit(status_exit);

MODULE_DESCRIPTION("A page that the driver writes and programs read");
MODULE_LICENSE("GPL");
