// SPDX-License-Identifier: MIT
/*
 * Chooses the address of its mappings itself: at most 1 GiB above 0x200000000000, or ENOMEM for more than 16 pages.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/module.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static unsigned long area_get_unmapped_area(struct file *file, unsigned long address, unsigned long length,
					 unsigned long pgoff, unsigned long flags)
{
	if (length > 16 * PAGE_SIZE)
		return -ENOMEM;
	if (flags & MAP_FIXED)
		return address;
	return 0x200000000000UL + pgoff * 0x100000;
}

static int area_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	return 0;
}

static const struct file_operations area_fops = {
	.owner = THIS_MODULE,
	.get_unmapped_area = area_get_unmapped_area,
	.mmap = area_mmap,
};

static struct miscdevice area_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "area",
	.fops = &area_fops,
};
module_misc_device(area_device);

MODULE_DESCRIPTION("Chooses the address of its mappings itself");
MODULE_LICENSE("GPL");
