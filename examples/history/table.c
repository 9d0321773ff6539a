// SPDX-License-Identifier: MIT
/*
 * A table in RAM with a populate handler of 2.6.0: it maps the pages that MAP_POPULATE or remap_file_pages(2) ask for ahead of
 * time, with install_page().
 */
#include <linux/module.h>
#include <linux/init.h>
#include <linux/fs.h>
#include <linux/mm.h>

#define TABLE_MAJOR 128
#define TABLE_PAGES 4

static unsigned long table_pages[TABLE_PAGES];

static struct page *table_nopage(struct vm_area_struct *vma, unsigned long address, int *type)
{
	unsigned long index = ((address - vma->vm_start) >> PAGE_SHIFT) + vma->vm_pgoff;
	struct page *page;

	if (index >= TABLE_PAGES)
		return NOPAGE_SIGBUS;
	page = virt_to_page(table_pages[index]);
	get_page(page);
	return page;
}

static int table_populate(struct vm_area_struct *vma, unsigned long address, unsigned long length, pgprot_t prot,
			  unsigned long pgoff, int nonblock)
{
	int error;

	while (length > 0) {
		struct page *page;

		if (pgoff >= TABLE_PAGES)
			return -EINVAL;
		page = virt_to_page(table_pages[pgoff]);
		get_page(page);
		error = install_page(vma->vm_mm, vma, address, page, prot);
		if (error) {
			put_page(page);
			return error;
		}
		address += PAGE_SIZE;
		length -= PAGE_SIZE;
		pgoff++;
	}
	return 0;
}

static struct vm_operations_struct table_vm_ops = {
	.nopage		= table_nopage,
	.populate	= table_populate,
};

static int table_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_flags |= VM_RESERVED;
	vma->vm_ops = &table_vm_ops;
	return 0;
}

static struct file_operations table_fops = {
	.owner	= THIS_MODULE,
	.mmap	= table_mmap,
};

static int __init table_init(void)
{
	int i;

	for (i = 0; i < TABLE_PAGES; i++) {
		table_pages[i] = __get_free_page(GFP_KERNEL);
		if (!table_pages[i])
			return -ENOMEM;
		memset((void *)table_pages[i], 0x10 + i, PAGE_SIZE);
	}
	return register_chrdev(TABLE_MAJOR, "table", &table_fops);
}

module_init(table_init);
