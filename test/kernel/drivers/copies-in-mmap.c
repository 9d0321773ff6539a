// SPDX-License-Identifier: MIT
/*
 * Reads a number from the program while it maps, with the mmap lock held: ioctl 1 says from where. Memory that is not
 * there yet makes it wait for itself.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/uaccess.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static u32 __user *copies_in_mmap_source;
static unsigned long copies_in_mmap_memory;

static int copies_in_mmap_mmap(struct file *file, struct vm_area_struct *vma)
{
	u32 value = 0;

	count_mmap++;
	if (vma_pages(vma) != 1)
		return -EINVAL;
	if (copies_in_mmap_source && copy_from_user(&value, copies_in_mmap_source, sizeof(value)))
		return -EFAULT;
	*(u32 *)copies_in_mmap_memory = value;
	return remap_pfn_range(vma, vma->vm_start, __pa(copies_in_mmap_memory) >> PAGE_SHIFT, PAGE_SIZE, vma->vm_page_prot);
}

static long copies_in_mmap_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	if (command != 1)
		return -ENOTTY;
	copies_in_mmap_source = (u32 __user *)argument;
	return 0;
}

static const struct file_operations copies_in_mmap_fops = {
	.owner = THIS_MODULE,
	.mmap = copies_in_mmap_mmap,
	.unlocked_ioctl = copies_in_mmap_ioctl,
};

static struct miscdevice copies_in_mmap_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "copies-in-mmap",
	.fops = &copies_in_mmap_fops,
};

static int __init copies_in_mmap_init(void)
{
	copies_in_mmap_memory = get_zeroed_page(GFP_KERNEL);
	if (!copies_in_mmap_memory)
		return -ENOMEM;
	return misc_register(&copies_in_mmap_device);
}
module_init(copies_in_mmap_init);

static void __exit copies_in_mmap_exit(void)
{
	misc_deregister(&copies_in_mmap_device);
	free_page(copies_in_mmap_memory);
}
module_exit(copies_in_mmap_exit);

MODULE_DESCRIPTION("Reads a number from the program while it maps, with the mmap lock held");
MODULE_LICENSE("GPL");
