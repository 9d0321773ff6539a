// SPDX-License-Identifier: MIT
/* The question of 2004: may nopage give memory that is no RAM? The core follows the struct page that such memory has not. */
#include <linux/module.h>
#include <linux/init.h>
#include <linux/fs.h>
#include <linux/mm.h>

#define NONRAM_MAJOR 130
#define NONRAM_BASE 0xfb000000UL

static struct page *nonram_nopage(struct vm_area_struct *vma, unsigned long address, int *type)
{
	return pfn_to_page((NONRAM_BASE + (address - vma->vm_start)) >> PAGE_SHIFT);
}

static struct vm_operations_struct nonram_vm_ops = {
	.nopage	= nonram_nopage,
};

static int nonram_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_ops = &nonram_vm_ops;
	return 0;
}

static struct file_operations nonram_fops = {
	.owner	= THIS_MODULE,
	.mmap	= nonram_mmap,
};

static int __init nonram_init(void)
{
	if (!request_mem_region(NONRAM_BASE, PAGE_SIZE, "nonram"))
		return -EBUSY;
	return register_chrdev(NONRAM_MAJOR, "nonram", &nonram_fops);
}

module_init(nonram_init);
