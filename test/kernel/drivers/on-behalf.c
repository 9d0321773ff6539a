// SPDX-License-Identifier: MIT
/*
 * Maps itself on behalf of the program: ioctl 0x101 makes a mapping with vm_mmap() and keeps its address, 0x102 unmaps it with vm_munmap(), 0x103 writes its
 * first number with put_user(), 0x104 finds out whether a vma of this file lies at an address, 0x105 gives its length in pages.
 */
#include <linux/fs.h>
#include <linux/mman.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "compat.h"

#define BEHALF_SIZE (3 * PAGE_SIZE)

static unsigned int count_mmap, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

static void *behalf_buffer;
static unsigned long behalf_address;

static void behalf_open(struct vm_area_struct *vma)
{
	count_open++;
}

static void behalf_close(struct vm_area_struct *vma)
{
	count_close++;
	if (vma->vm_start <= behalf_address && behalf_address < vma->vm_end)
		behalf_address = 0;
}

static const struct vm_operations_struct behalf_vm_ops = {
	.open = behalf_open,
	.close = behalf_close,
};

static int behalf_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_ops = &behalf_vm_ops;
	return remap_vmalloc_range(vma, behalf_buffer, vma->vm_pgoff);
}

static long behalf_make(struct file *file, unsigned long length)
{
	unsigned long address;

	if (behalf_address)
		return -EEXIST;
	address = vm_mmap(file, 0, length, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
	if (IS_ERR_VALUE(address))
		return address;
	behalf_address = address;
	return 0;
}

static long behalf_find(struct file *file, unsigned long address, bool pages)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	long ret = -ENOENT;

	mmap_read_lock(mm);
	vma = vma_lookup(mm, address);
	if (vma && vma->vm_file == file)
		ret = pages ? vma_pages(vma) : 0;
	mmap_read_unlock(mm);
	return ret;
}

static long behalf_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case 0x101:
		return behalf_make(file, arg);
	case 0x102:
		if (!behalf_address)
			return -ENOENT;
		return vm_munmap(behalf_address, arg);
	case 0x103:
		return put_user((u32)arg, (u32 __user *)behalf_address);
	case 0x104:
		return behalf_find(file, arg, false);
	case 0x105:
		return behalf_find(file, arg ?: behalf_address, true);
	}
	return -ENOTTY;
}

static const struct file_operations behalf_fops = {
	.owner = THIS_MODULE,
	.mmap = behalf_mmap,
	.unlocked_ioctl = behalf_ioctl,
};

static struct miscdevice behalf_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "on-behalf",
	.fops = &behalf_fops,
};

static int __init behalf_init(void)
{
	int err;

	behalf_buffer = vmalloc_user(BEHALF_SIZE);
	if (!behalf_buffer)
		return -ENOMEM;
	err = misc_register(&behalf_device);
	if (err)
		vfree(behalf_buffer);
	return err;
}
module_init(behalf_init);

static void __exit behalf_exit(void)
{
	misc_deregister(&behalf_device);
	vfree(behalf_buffer);
}
module_exit(behalf_exit);

MODULE_DESCRIPTION("Maps itself on behalf of the program");
MODULE_LICENSE("GPL");
