// SPDX-License-Identifier: MIT
/*
 * Returns a number above 0 from mmap, which is no error: 1 at offset 0, 4096 at offset 1.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static int returns_positive_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	return vma->vm_pgoff ? 4096 : 1;
}

static const struct file_operations returns_positive_fops = {
	.owner = THIS_MODULE,
	.mmap = returns_positive_mmap,
};

static struct miscdevice returns_positive_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "returns-positive",
	.fops = &returns_positive_fops,
};
module_misc_device(returns_positive_device);

MODULE_DESCRIPTION("Returns a number above 0 from mmap, which is no error");
MODULE_LICENSE("GPL");
