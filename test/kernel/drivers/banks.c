// SPDX-License-Identifier: MIT
/* A window of two pages onto four banks in memory set aside: who selects a bank (ioctl 0x101) takes the entries of the old one away, unless it is told not to (0x102). */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>

#include "compat.h"

#define BANKS_BASE 0x18060000UL
#define BANK_PAGES 2UL
#define BANKS 4UL

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static DEFINE_MUTEX(banks_lock);
static unsigned long banks_current;
static bool banks_lazy;
static struct address_space *banks_mapping;

static vm_fault_t banks_fault(struct vm_fault *vmf)
{
	vm_fault_t ret;

	count_fault++;
	if (vmf->pgoff >= BANK_PAGES)
		return VM_FAULT_SIGBUS;
	mutex_lock(&banks_lock);
	ret = vmf_insert_pfn_prot(vmf->vma, vmf->address, (BANKS_BASE >> PAGE_SHIFT) + banks_current * BANK_PAGES + vmf->pgoff,
				  pgprot_writecombine(vmf->vma->vm_page_prot));
	mutex_unlock(&banks_lock);
	return ret;
}

static const struct vm_operations_struct banks_vm_ops = {
	.fault = banks_fault,
};

static int banks_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (is_cow_mapping(vma->vm_flags))
		return -EINVAL;
	vm_flags_set(vma, VM_PFNMAP | VM_IO | VM_DONTDUMP | VM_DONTEXPAND);
	vma->vm_ops = &banks_vm_ops;
	return 0;
}

static int banks_open(struct inode *inode, struct file *file)
{
	banks_mapping = file->f_mapping;
	return 0;
}

static long banks_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case 0x101:
		if (arg >= BANKS)
			return -EINVAL;
		mutex_lock(&banks_lock);
		if (banks_current != arg && !banks_lazy)
			unmap_mapping_range(banks_mapping, 0, BANK_PAGES << PAGE_SHIFT, 1);
		swap(banks_current, arg);
		mutex_unlock(&banks_lock);
		return arg;
	case 0x102:
		banks_lazy = arg;
		return 0;
	}
	return -ENOTTY;
}

static const struct file_operations banks_fops = {
	.owner = THIS_MODULE,
	.open = banks_open,
	.mmap = banks_mmap,
	.unlocked_ioctl = banks_ioctl,
};

static struct miscdevice banks_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "banks",
	.fops = &banks_fops,
};

static int __init banks_init(void)
{
	int err;

	if (!request_mem_region(BANKS_BASE, BANKS * BANK_PAGES * PAGE_SIZE, "banks"))
		return -EBUSY;
	err = misc_register(&banks_device);
	if (err)
		release_mem_region(BANKS_BASE, BANKS * BANK_PAGES * PAGE_SIZE);
	return err;
}
module_init(banks_init);

static void __exit banks_exit(void)
{
	misc_deregister(&banks_device);
	release_mem_region(BANKS_BASE, BANKS * BANK_PAGES * PAGE_SIZE);
}
module_exit(banks_exit);

MODULE_DESCRIPTION("A window onto four banks");
MODULE_LICENSE("GPL");
