// SPDX-License-Identifier: MIT
/*
 * Maps a window of memory that was set aside at boot with remap_pfn_range: even offsets as it is, odd ones uncached, from
 * offset 64 on write-combining.
 */
#include <linux/fs.h>
#include <linux/ioport.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

#define WINDOW_START 0x8000000
#define WINDOW_SIZE (16 << 20)

static int reserved_remap_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;
	unsigned long offset = vma->vm_pgoff << PAGE_SHIFT;

	count_mmap++;
	if (offset >= WINDOW_SIZE || size > WINDOW_SIZE - offset)
		return -EINVAL;
	if (vma->vm_pgoff >= 64)
		vma->vm_page_prot = pgprot_writecombine(vma->vm_page_prot);
	else if (vma->vm_pgoff & 1)
		vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return remap_pfn_range(vma, vma->vm_start, (WINDOW_START + offset) >> PAGE_SHIFT, size, vma->vm_page_prot);
}

static const struct file_operations reserved_remap_fops = {
	.owner = THIS_MODULE,
	.mmap = reserved_remap_mmap,
};

static struct miscdevice reserved_remap_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "reserved-remap",
	.fops = &reserved_remap_fops,
};

static int __init reserved_remap_init(void)
{
	if (!request_mem_region(WINDOW_START, WINDOW_SIZE, "reserved_remap"))
		return -EBUSY;
	return misc_register(&reserved_remap_device);
}
module_init(reserved_remap_init);

static void __exit reserved_remap_exit(void)
{
	misc_deregister(&reserved_remap_device);
	release_mem_region(WINDOW_START, WINDOW_SIZE);
}
module_exit(reserved_remap_exit);

MODULE_DESCRIPTION("Maps a window of memory that was set aside at boot with remap_pfn_range");
MODULE_LICENSE("GPL");
