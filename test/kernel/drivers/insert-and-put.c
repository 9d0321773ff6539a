// SPDX-License-Identifier: MIT
/*
 * Allocates a page for each mmap and gives it to the mapping: it inserts the page and puts its own reference. With offset
 * 1 it puts twice.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static int insert_and_put_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct page *page;
	int err;

	count_mmap++;
	if (vma_pages(vma) != 1 || vma->vm_pgoff > 1)
		return -EINVAL;
	page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!page)
		return -ENOMEM;
	*(u32 *)page_address(page) = 0x901d;
	err = vm_insert_page(vma, vma->vm_start, page);
	put_page(page);
	if (vma->vm_pgoff)
		put_page(page);
	return err;
}

static const struct file_operations insert_and_put_fops = {
	.owner = THIS_MODULE,
	.mmap = insert_and_put_mmap,
};

static struct miscdevice insert_and_put_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "insert-and-put",
	.fops = &insert_and_put_fops,
};
module_misc_device(insert_and_put_device);

MODULE_DESCRIPTION("Allocates a page for each mmap and gives it to the mapping");
MODULE_LICENSE("GPL");
