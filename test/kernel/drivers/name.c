// SPDX-License-Identifier: MIT
/*
 * Gives its vma a name of its own and has neither open nor close nor fault.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static const char *name_name(struct vm_area_struct *vma)
{
	return "[oracle]";
}

static const struct vm_operations_struct name_vm_ops = {
	.name = name_name,
};

static int name_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_ops = &name_vm_ops;
	return 0;
}

static const struct file_operations name_fops = {
	.owner = THIS_MODULE,
	.mmap = name_mmap,
};

static struct miscdevice name_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "name",
	.fops = &name_fops,
};
module_misc_device(name_device);

MODULE_DESCRIPTION("Gives its vma a name of its own and has neither open nor close nor fault");
MODULE_LICENSE("GPL");
