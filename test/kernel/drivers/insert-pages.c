// SPDX-License-Identifier: MIT
/*
 * Maps an array of pages with vm_insert_pages. From offset 16 on it tells the call one page more than the vma has room
 * for, from 32 on one less.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

#define PAGE_TOTAL 4

static struct page *insert_pages_array[PAGE_TOTAL];

static int insert_pages_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long count = vma_pages(vma);

	count_mmap++;
	if (vma->vm_pgoff / 16 == 1)
		count++;
	else if (vma->vm_pgoff / 16 == 2)
		count--;
	if (vma->vm_pgoff % 16 || count > PAGE_TOTAL)
		return -EINVAL;
	return vm_insert_pages(vma, vma->vm_start, insert_pages_array, &count);
}

static const struct file_operations insert_pages_fops = {
	.owner = THIS_MODULE,
	.mmap = insert_pages_mmap,
};

static struct miscdevice insert_pages_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "insert-pages",
	.fops = &insert_pages_fops,
};

static int __init insert_pages_init(void)
{
	int i;

	for (i = 0; i < PAGE_TOTAL; i++) {
		insert_pages_array[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!insert_pages_array[i])
			return -ENOMEM;
		*(u32 *)page_address(insert_pages_array[i]) = 0x100 + i;
	}
	return misc_register(&insert_pages_device);
}
module_init(insert_pages_init);

static void __exit insert_pages_exit(void)
{
	int i;

	misc_deregister(&insert_pages_device);
	for (i = 0; i < PAGE_TOTAL; i++)
		put_page(insert_pages_array[i]);
}
module_exit(insert_pages_exit);

MODULE_DESCRIPTION("Maps an array of pages with vm_insert_pages");
MODULE_LICENSE("GPL");
