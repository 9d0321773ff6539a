// SPDX-License-Identifier: MIT
/*
 * Maps a page of the module's own data, which lies in vmalloc space.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/vmalloc.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static u32 remap_static_data[2048] __aligned(PAGE_SIZE) = { 0x51a71c };

static int remap_static_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long page = vma->vm_pgoff;

	count_mmap++;
	if (page + vma_pages(vma) > 2 || page > 2)
		return -EINVAL;
	if (vma_pages(vma) != 1)
		return -ERANGE;
	return remap_pfn_range(vma, vma->vm_start, vmalloc_to_pfn((void *)remap_static_data + page * PAGE_SIZE), PAGE_SIZE,
			       vma->vm_page_prot);
}

static const struct file_operations remap_static_fops = {
	.owner = THIS_MODULE,
	.mmap = remap_static_mmap,
};

static struct miscdevice remap_static_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "remap-static",
	.fops = &remap_static_fops,
};
module_misc_device(remap_static_device);

MODULE_DESCRIPTION("Maps a page of the module's own data, which lies in vmalloc space");
MODULE_LICENSE("GPL");
