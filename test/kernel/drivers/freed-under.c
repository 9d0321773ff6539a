// SPDX-License-Identifier: MIT
/*
 * Frees the page under the mapping by ioctl 1, without taking the entry away; the mapping is a pfn. ioctl 2 takes the
 * entries away before.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static unsigned long freed_under_memory;

static int freed_under_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (!freed_under_memory)
		return -ENODEV;
	if (vma_pages(vma) != 1)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, __pa(freed_under_memory) >> PAGE_SHIFT, PAGE_SIZE, vma->vm_page_prot);
}

static long freed_under_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	if (!freed_under_memory)
		return -ENODEV;
	if (command == 2)
		unmap_mapping_range(file->f_mapping, 0, 0, 1);
	else if (command != 1)
		return -ENOTTY;
	free_page(freed_under_memory);
	freed_under_memory = 0;
	return 0;
}

static const struct file_operations freed_under_fops = {
	.owner = THIS_MODULE,
	.mmap = freed_under_mmap,
	.unlocked_ioctl = freed_under_ioctl,
};

static struct miscdevice freed_under_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "freed-under",
	.fops = &freed_under_fops,
};

static int __init freed_under_init(void)
{
	freed_under_memory = get_zeroed_page(GFP_KERNEL);
	if (!freed_under_memory)
		return -ENOMEM;
	return misc_register(&freed_under_device);
}
module_init(freed_under_init);

static void __exit freed_under_exit(void)
{
	misc_deregister(&freed_under_device);
	if (freed_under_memory)
		free_page(freed_under_memory);
}
module_exit(freed_under_exit);

MODULE_DESCRIPTION("Frees the page under the mapping by ioctl 1, without taking the entry away; the mapping is a pfn");
MODULE_LICENSE("GPL");
