// SPDX-License-Identifier: MIT
/*
 * Lends the pages of a block one by one: each open file may borrow one (ioctl 0x101) and map it; the block is split, so that a page may go back alone.
 * ioctl 0x102 gives it back at once, whoever maps it; 0x103 tells its references, 0x104 how often it is mapped.
 */
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/version.h>

#include "compat.h"

#define LENDER_ORDER 2

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

struct loan {
	struct list_head node;
	struct page *page;
};

static LIST_HEAD(lender_shelf);
static DEFINE_SPINLOCK(lender_lock);

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#define lender_mapcount(page) page_mapcount(page)
#else
#define lender_mapcount(page) folio_mapcount(page_folio(page))
#endif

static int lender_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct loan *loan = file->private_data;
	unsigned long num = 1;

	count_mmap++;
	if (!loan)
		return -ENOLINK;
	if (vma->vm_pgoff == 1)
		return vm_insert_pages(vma, vma->vm_start, &loan->page, &num);
	if (vma->vm_pgoff == 2)
		return vm_map_pages_zero(vma, &loan->page, 1);
	return vm_map_pages(vma, &loan->page, 1);
}

static long lender_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct loan *loan = file->private_data;

	switch (cmd) {
	case 0x101:
		if (loan)
			return -EALREADY;
		spin_lock(&lender_lock);
		loan = list_first_entry_or_null(&lender_shelf, struct loan, node);
		if (loan)
			list_del_init(&loan->node);
		spin_unlock(&lender_lock);
		file->private_data = loan;
		return loan ? 0 : -ENOSPC;
	case 0x102:
		if (!loan)
			return -ENOLINK;
		__free_page(loan->page);
		kfree(loan);
		file->private_data = NULL;
		return 0;
	case 0x103:
		return loan ? page_count(loan->page) : -ENOLINK;
	case 0x104:
		return loan ? lender_mapcount(loan->page) : -ENOLINK;
	}
	return -ENOTTY;
}

static int lender_release(struct inode *inode, struct file *file)
{
	struct loan *loan = file->private_data;

	if (loan) {
		spin_lock(&lender_lock);
		list_add_tail(&loan->node, &lender_shelf);
		spin_unlock(&lender_lock);
	}
	return 0;
}

/* misc_open() leaves a pointer to the device there. */
static int lender_open(struct inode *inode, struct file *file)
{
	file->private_data = NULL;
	return 0;
}

static const struct file_operations lender_fops = {
	.owner = THIS_MODULE,
	.open = lender_open,
	.release = lender_release,
	.mmap = lender_mmap,
	.unlocked_ioctl = lender_ioctl,
};

static struct miscdevice lender_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "lender",
	.fops = &lender_fops,
};

static int __init lender_init(void)
{
	struct page *block = alloc_pages(GFP_KERNEL | __GFP_ZERO, LENDER_ORDER);
	int i;

	if (!block)
		return -ENOMEM;
	split_page(block, LENDER_ORDER);
	for (i = 0; i < 1 << LENDER_ORDER; i++) {
		struct loan *loan = kzalloc(sizeof(*loan), GFP_KERNEL);

		if (!loan) {
			__free_page(block + i);
			continue;
		}
		loan->page = block + i;
		*(u32 *)page_address(loan->page) = 0x10a0 + i;
		list_add_tail(&loan->node, &lender_shelf);
	}
	return misc_register(&lender_device);
}
module_init(lender_init);

static void __exit lender_exit(void)
{
	struct loan *loan, *next;

	misc_deregister(&lender_device);
	list_for_each_entry_safe(loan, next, &lender_shelf, node) {
		__free_page(loan->page);
		kfree(loan);
	}
}
module_exit(lender_exit);

MODULE_DESCRIPTION("Lends the pages of a block one by one");
MODULE_LICENSE("GPL");
