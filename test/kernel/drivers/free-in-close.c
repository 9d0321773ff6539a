// SPDX-License-Identifier: MIT
/*
 * Frees its memory when the vma is closed, as drivers without counts do: pfns of a page for even offsets, an inserted page
 * for odd ones. A copy of the vma frees it again.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_close, uint, 0444);

static void free_in_close_close(struct vm_area_struct *vma)
{
	struct page *page = vma->vm_private_data;

	count_close++;
	__free_page(page);
}

static const struct vm_operations_struct free_in_close_vm_ops = {
	.close = free_in_close_close,
};

static int free_in_close_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);

	count_mmap++;
	if (!page)
		return -ENOMEM;
	if (vma_pages(vma) != 1) {
		__free_page(page);
		return -EINVAL;
	}
	vma->vm_private_data = page;
	vma->vm_ops = &free_in_close_vm_ops;
	if (vma->vm_pgoff & 1)
		return vm_insert_page(vma, vma->vm_start, page);
	return remap_pfn_range(vma, vma->vm_start, page_to_pfn(page), PAGE_SIZE, vma->vm_page_prot);
}

static const struct file_operations free_in_close_fops = {
	.owner = THIS_MODULE,
	.mmap = free_in_close_mmap,
};

static struct miscdevice free_in_close_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "free-in-close",
	.fops = &free_in_close_fops,
};
module_misc_device(free_in_close_device);

MODULE_DESCRIPTION("Frees its memory when the vma is closed, as drivers without counts do");
MODULE_LICENSE("GPL");
