// SPDX-License-Identifier: MIT
/*
 * Maps a window that no struct page describes: with io_remap_pfn_range, or with vm_iomap_memory from offset 32768 on.
 */
#include <linux/fs.h>
#include <linux/ioport.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

#define WINDOW_START 0x18000000UL
#define WINDOW_SIZE (128UL << 20)

static int hole_remap_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long offset = vma->vm_pgoff << PAGE_SHIFT;
	unsigned long size = vma->vm_end - vma->vm_start;

	count_mmap++;
	if (vma->vm_pgoff >= 32768) {
		vma->vm_pgoff -= 32768;
		return vm_iomap_memory(vma, WINDOW_START, WINDOW_SIZE);
	}
	if (offset + size > WINDOW_SIZE)
		return -EINVAL;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, (WINDOW_START + offset) >> PAGE_SHIFT, size, vma->vm_page_prot);
}

static const struct file_operations hole_remap_fops = {
	.owner = THIS_MODULE,
	.mmap = hole_remap_mmap,
};

static struct miscdevice hole_remap_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "hole-remap",
	.fops = &hole_remap_fops,
};

static int __init hole_remap_init(void)
{
	if (!request_mem_region(WINDOW_START, WINDOW_SIZE, "hole_remap"))
		return -EBUSY;
	return misc_register(&hole_remap_device);
}
module_init(hole_remap_init);

static void __exit hole_remap_exit(void)
{
	misc_deregister(&hole_remap_device);
	release_mem_region(WINDOW_START, WINDOW_SIZE);
}
module_exit(hole_remap_exit);

MODULE_DESCRIPTION("Maps a window that no struct page describes");
MODULE_LICENSE("GPL");
