// SPDX-License-Identifier: MIT
/*
 * Allows one mapping at a time: a second mmap gets EBUSY until the vma is closed. It forgets to count in open, so a copy
 * of the vma ends the use too early.
 */
#include <linux/atomic.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_close, uint, 0444);

static atomic_t exclusive_mapped = ATOMIC_INIT(0);

static void exclusive_close(struct vm_area_struct *vma)
{
	count_close++;
	atomic_dec(&exclusive_mapped);
}

static const struct vm_operations_struct exclusive_vm_ops = {
	.close = exclusive_close,
};

static int exclusive_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (atomic_read(&exclusive_mapped) > 0)
		return -EBUSY;
	atomic_inc(&exclusive_mapped);
	vma->vm_ops = &exclusive_vm_ops;
	return 0;
}

static long exclusive_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	return command == 1 ? atomic_read(&exclusive_mapped) & 0xff : -ENOTTY;
}

static const struct file_operations exclusive_fops = {
	.owner = THIS_MODULE,
	.mmap = exclusive_mmap,
	.unlocked_ioctl = exclusive_ioctl,
};

static struct miscdevice exclusive_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "exclusive",
	.fops = &exclusive_fops,
};
module_misc_device(exclusive_device);

MODULE_DESCRIPTION("Allows one mapping at a time");
MODULE_LICENSE("GPL");
