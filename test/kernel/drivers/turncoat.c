// SPDX-License-Identifier: MIT
/*
 * Changes its operations under way: the first has no fault handler, open() gives a copy of the vma other ones, and a fault of those exchanges them for a third table that refuses.
 * ioctl 0x101 makes open() take the vma's operations away altogether.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap, count_fault, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

static struct page *turn_page;
static bool turn_away;

static void turn_open(struct vm_area_struct *vma);

static void turn_close(struct vm_area_struct *vma)
{
	count_close++;
}

static vm_fault_t turn_refuse(struct vm_fault *vmf)
{
	count_fault++;
	return VM_FAULT_SIGSEGV;
}

static const struct vm_operations_struct turn_last_ops = {
	.fault = turn_refuse,
};

static vm_fault_t turn_fault(struct vm_fault *vmf)
{
	count_fault++;
	vmf->vma->vm_ops = &turn_last_ops;
	get_page(turn_page);
	vmf->page = turn_page;
	return 0;
}

static const struct vm_operations_struct turn_second_ops = {
	.close = turn_close,
	.fault = turn_fault,
};

static const struct vm_operations_struct turn_first_ops = {
	.open = turn_open,
	.close = turn_close,
};

static void turn_open(struct vm_area_struct *vma)
{
	count_open++;
	vma->vm_ops = turn_away ? NULL : &turn_second_ops;
}

static int turn_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_ops = vma->vm_pgoff ? &turn_second_ops : &turn_first_ops;
	return vma->vm_pgoff ? 0 : vm_insert_page(vma, vma->vm_start, turn_page);
}

static long turn_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	if (cmd != 0x101)
		return -ENOTTY;
	turn_away = arg;
	return 0;
}

static const struct file_operations turn_fops = {
	.owner = THIS_MODULE,
	.mmap = turn_mmap,
	.unlocked_ioctl = turn_ioctl,
};

static struct miscdevice turn_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "turncoat",
	.fops = &turn_fops,
};

static int __init turn_init(void)
{
	turn_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	return turn_page ? misc_register(&turn_device) : -ENOMEM;
}
module_init(turn_init);

static void __exit turn_exit(void)
{
	misc_deregister(&turn_device);
	__free_page(turn_page);
}
module_exit(turn_exit);

MODULE_DESCRIPTION("Changes its operations under way");
MODULE_LICENSE("GPL");
