// SPDX-License-Identifier: MIT
/* The lock of the device is taken in the mmap handler, and held by read(2) while it copies to user memory. */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#define GAUGE_BYTES (4 * PAGE_SIZE)

static DEFINE_MUTEX(gauge_lock);
static void *gauge_buffer;
static u32 gauge_value;

static int gauge_mmap(struct file *file, struct vm_area_struct *vma)
{
	int ret;

	mutex_lock(&gauge_lock);
	ret = remap_vmalloc_range(vma, gauge_buffer, vma->vm_pgoff);
	mutex_unlock(&gauge_lock);
	return ret;
}

static ssize_t gauge_read(struct file *file, char __user *buffer, size_t count, loff_t *offset)
{
	ssize_t ret = sizeof(gauge_value);

	if (count < sizeof(gauge_value))
		return -EINVAL;
	mutex_lock(&gauge_lock);
	if (copy_to_user(buffer, &gauge_value, sizeof(gauge_value)))
		ret = -EFAULT;
	mutex_unlock(&gauge_lock);
	return ret;
}

static const struct file_operations gauge_fops = {
	.owner = THIS_MODULE,
	.mmap = gauge_mmap,
	.read = gauge_read,
};

static struct miscdevice gauge_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "gauge",
	.fops = &gauge_fops,
};

static int __init gauge_init(void)
{
	gauge_buffer = vmalloc_user(GAUGE_BYTES);
	if (!gauge_buffer)
		return -ENOMEM;
	return misc_register(&gauge_misc);
}

static void __exit gauge_exit(void)
{
	misc_deregister(&gauge_misc);
	vfree(gauge_buffer);
}

module_init(gauge_init);
module_exit(gauge_exit);
MODULE_LICENSE("GPL");
