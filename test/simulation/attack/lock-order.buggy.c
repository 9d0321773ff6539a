// SPDX-License-Identifier: MIT
/* The lock of the device is taken in the mmap handler, and held by ioctl while it copies to user memory. */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#define METER_GET_COUNT _IOR('m', 1, u32)
#define METER_BYTES (4 * PAGE_SIZE)

static DEFINE_MUTEX(meter_lock);
static void *meter_buffer;
static u32 meter_count;

static int meter_mmap(struct file *file, struct vm_area_struct *vma)
{
	int ret;

	mutex_lock(&meter_lock);
	meter_count++;
	ret = remap_vmalloc_range(vma, meter_buffer, vma->vm_pgoff);
	mutex_unlock(&meter_lock);
	return ret;
}

static long meter_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	long ret = 0;

	if (cmd != METER_GET_COUNT)
		return -ENOTTY;
	mutex_lock(&meter_lock);
	if (copy_to_user((void __user *)arg, &meter_count, sizeof(meter_count)))
		ret = -EFAULT;
	mutex_unlock(&meter_lock);
	return ret;
}

static const struct file_operations meter_fops = {
	.owner = THIS_MODULE,
	.mmap = meter_mmap,
	.unlocked_ioctl = meter_ioctl,
};

static struct miscdevice meter_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "meter",
	.fops = &meter_fops,
};

static int __init meter_init(void)
{
	meter_buffer = vmalloc_user(METER_BYTES);
	if (!meter_buffer)
		return -ENOMEM;
	return misc_register(&meter_misc);
}

static void __exit meter_exit(void)
{
	misc_deregister(&meter_misc);
	vfree(meter_buffer);
}

module_init(meter_init);
module_exit(meter_exit);
MODULE_LICENSE("GPL");
