// SPDX-License-Identifier: MIT
/*
 * Lets the program read and write the buffer that it maps, by read(2) and write(2) and by ioctl 1, which copies the first
 * number to an address.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

#define MEMORY_SIZE (2 * PAGE_SIZE)

static void *transfers_memory;

static int transfers_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;

	count_mmap++;
	if (vma->vm_pgoff || size > MEMORY_SIZE)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, virt_to_phys(transfers_memory) >> PAGE_SHIFT, size, vma->vm_page_prot);
}

static ssize_t transfers_read(struct file *file, char __user *buffer, size_t count, loff_t *position)
{
	if (*position >= MEMORY_SIZE)
		return 0;
	if (count > MEMORY_SIZE - *position)
		count = MEMORY_SIZE - *position;
	if (copy_to_user(buffer, transfers_memory + *position, count))
		return -EFAULT;
	*position += count;
	return count;
}

static ssize_t transfers_write(struct file *file, const char __user *buffer, size_t count, loff_t *position)
{
	if (*position >= MEMORY_SIZE)
		return -ENOSPC;
	if (count > MEMORY_SIZE - *position)
		count = MEMORY_SIZE - *position;
	if (copy_from_user(transfers_memory + *position, buffer, count))
		return -EFAULT;
	*position += count;
	return count;
}

static long transfers_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	u32 __user *target = (u32 __user *)argument;

	if (command != 1)
		return -ENOTTY;
	return put_user(*(u32 *)transfers_memory, target);
}

static const struct file_operations transfers_fops = {
	.owner = THIS_MODULE,
	.read = transfers_read,
	.write = transfers_write,
	.mmap = transfers_mmap,
	.unlocked_ioctl = transfers_ioctl,
};

static struct miscdevice transfers_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "transfers",
	.fops = &transfers_fops,
};

static int __init transfers_init(void)
{
	transfers_memory = kzalloc(MEMORY_SIZE, GFP_KERNEL);
	if (!transfers_memory)
		return -ENOMEM;
	*(u32 *)transfers_memory = 0x74a;
	return misc_register(&transfers_device);
}
module_init(transfers_init);

static void __exit transfers_exit(void)
{
	misc_deregister(&transfers_device);
	kfree(transfers_memory);
}
module_exit(transfers_exit);

MODULE_DESCRIPTION("Lets the program read and write the buffer that it maps, by read(2) and write(2) and by ioctl 1, which copies the first number to an address");
MODULE_LICENSE("GPL");
