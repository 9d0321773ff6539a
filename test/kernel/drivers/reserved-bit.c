// SPDX-License-Identifier: MIT
/*
 * Marks the pages of a kmalloc buffer as reserved, as drivers did for remap_page_range, and maps them with
 * remap_pfn_range; with offset 1 it inserts them with vm_insert_page, with offset 2 it frees a page that is still
 * reserved.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static void *reserved_bit_buffer;

static int reserved_bit_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct page *page;

	count_mmap++;
	if (vma_pages(vma) != 1)
		return -EINVAL;
	switch (vma->vm_pgoff) {
	case 0:
		return remap_pfn_range(vma, vma->vm_start, virt_to_phys(reserved_bit_buffer) >> PAGE_SHIFT, PAGE_SIZE,
				       vma->vm_page_prot);
	case 1:
		return vm_insert_page(vma, vma->vm_start, virt_to_page(reserved_bit_buffer));
	case 2:
		page = alloc_page(GFP_KERNEL);
		if (!page)
			return -ENOMEM;
		SetPageReserved(page);
		__free_page(page);
		return -ENODATA;
	}
	return -ENXIO;
}

static const struct file_operations reserved_bit_fops = {
	.owner = THIS_MODULE,
	.mmap = reserved_bit_mmap,
};

static struct miscdevice reserved_bit_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "reserved-bit",
	.fops = &reserved_bit_fops,
};

static int __init reserved_bit_init(void)
{
	reserved_bit_buffer = kzalloc(8 * PAGE_SIZE, GFP_KERNEL);
	if (!reserved_bit_buffer)
		return -ENOMEM;
	SetPageReserved(virt_to_page(reserved_bit_buffer));
	return misc_register(&reserved_bit_device);
}
module_init(reserved_bit_init);

static void __exit reserved_bit_exit(void)
{
	misc_deregister(&reserved_bit_device);
	ClearPageReserved(virt_to_page(reserved_bit_buffer));
	kfree(reserved_bit_buffer);
}
module_exit(reserved_bit_exit);

MODULE_DESCRIPTION("Marks the pages of a kmalloc buffer as reserved, as drivers did for remap_page_range, and maps them with remap_pfn_range; with offset 1 it inserts them with vm_insert_page, with offset 2 it frees a page that is still reserved");
MODULE_LICENSE("GPL");
