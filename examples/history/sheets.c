// SPDX-License-Identifier: MIT
/* Single pages that are no neighbours, put into the mapping with vm_insert_page() (2.6.15 and later). */
#include <linux/module.h>
#include <linux/init.h>
#include <linux/fs.h>
#include <linux/mm.h>

#define SHEETS_MAJOR 131
#define SHEETS 3

static struct page *sheets[SHEETS];

static int sheets_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long address = vma->vm_start;
	int error, i;

	if (vma->vm_end - vma->vm_start != SHEETS * PAGE_SIZE)
		return -EINVAL;
	for (i = 0; i < SHEETS; i++) {
		error = vm_insert_page(vma, address, sheets[i]);
		if (error)
			return error;
		address += PAGE_SIZE;
	}
	return 0;
}

static struct file_operations sheets_fops = {
	.owner	= THIS_MODULE,
	.mmap	= sheets_mmap,
};

static int __init sheets_init(void)
{
	int i;

	for (i = 0; i < SHEETS; i++) {
		sheets[i] = alloc_page(GFP_KERNEL);
		if (!sheets[i])
			return -ENOMEM;
		memset(page_address(sheets[i]), 0x31 + i, PAGE_SIZE);
	}
	return register_chrdev(SHEETS_MAJOR, "sheets", &sheets_fops);
}

module_init(sheets_init);
