// SPDX-License-Identifier: MIT
/*
 * Takes away the operations of its vma (offset 0), which makes it anonymous memory, or gives it an empty table (offset 1).
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static const struct vm_operations_struct no_ops_empty;

static int no_ops_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_ops = vma->vm_pgoff ? &no_ops_empty : NULL;
	return 0;
}

static const struct file_operations no_ops_fops = {
	.owner = THIS_MODULE,
	.mmap = no_ops_mmap,
};

static struct miscdevice no_ops_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "no-ops",
	.fops = &no_ops_fops,
};
module_misc_device(no_ops_device);

MODULE_DESCRIPTION("Takes away the operations of its vma (offset 0), which makes it anonymous memory, or gives it an empty table (offset 1)");
MODULE_LICENSE("GPL");
