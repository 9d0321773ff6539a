// SPDX-License-Identifier: MIT
/*
 * Has no mmap function at all.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static int no_mmap_open(struct inode *inode, struct file *file)
{
	return 0;
}

static const struct file_operations no_mmap_fops = {
	.owner = THIS_MODULE,
	.open = no_mmap_open,
};

static struct miscdevice no_mmap_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "no-mmap",
	.fops = &no_mmap_fops,
};
module_misc_device(no_mmap_device);

MODULE_DESCRIPTION("Has no mmap function at all");
MODULE_LICENSE("GPL");
