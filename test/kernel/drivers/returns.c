// SPDX-License-Identifier: MIT
/*
 * Maps nothing and returns what the offset selects: 0 0, 1 EAGAIN, 2 ENOMEM, 3 ENOTTY, 4 a restart code of the kernel, 5
 * EFAULT, 6 ENODEV.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static const int returns_results[] = { 0, -EAGAIN, -ENOMEM, -ENOTTY, -ERESTARTSYS, -EFAULT, -ENODEV };

static int returns_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_pgoff >= ARRAY_SIZE(returns_results))
		return -EINVAL;
	return returns_results[vma->vm_pgoff];
}

static const struct file_operations returns_fops = {
	.owner = THIS_MODULE,
	.mmap = returns_mmap,
};

static struct miscdevice returns_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "returns",
	.fops = &returns_fops,
};
module_misc_device(returns_device);

MODULE_DESCRIPTION("Maps nothing and returns what the offset selects");
MODULE_LICENSE("GPL");
