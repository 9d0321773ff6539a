// SPDX-License-Identifier: MIT
/* A cache of at most four pages, linked by page->lru: the one that was used longest ago is taken from its mappings when a fifth is wanted. */
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

#define MOST 4
#define LAST 32

static LIST_HEAD(lru);
static unsigned int cached, evicted;
static u32 saved[LAST];
static DEFINE_MUTEX(lru_lock);
static struct address_space *space;

static struct page *lru_find(unsigned long index)
{
	struct page *page;

	list_for_each_entry(page, &lru, lru)
		if (page_private(page) == index)
			return page;
	return NULL;
}

static void lru_evict(struct page *page)
{
	unsigned long index = page_private(page);
	u32 *data = page_address(page);

	unmap_mapping_range(space, (loff_t)index << PAGE_SHIFT, PAGE_SIZE, 1);
	saved[index] = data[0];
	list_del_init(&page->lru);
	set_page_private(page, 0);
	put_page(page);
	cached--;
	evicted++;
}

static struct page *lru_get(unsigned long index)
{
	struct page *page = lru_find(index);

	if (page) {
		list_move(&page->lru, &lru);
		return page;
	}
	if (cached == MOST)
		lru_evict(list_last_entry(&lru, struct page, lru));
	page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!page)
		return NULL;
	*(u32 *)page_address(page) = saved[index];
	set_page_private(page, index);
	list_add(&page->lru, &lru);
	cached++;
	return page;
}

static vm_fault_t lru_fault(struct vm_fault *vmf)
{
	struct page *page;

	count_fault++;
	if (vmf->pgoff >= LAST)
		return VM_FAULT_SIGBUS;
	mutex_lock(&lru_lock);
	page = lru_get(vmf->pgoff);
	if (page) {
		get_page(page);
		vmf->page = page;
	}
	mutex_unlock(&lru_lock);
	return page ? 0 : VM_FAULT_OOM;
}

static const struct vm_operations_struct lru_vm_ops = { .fault = lru_fault };

static int lru_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	space = file->f_mapping;
	vma->vm_ops = &lru_vm_ops;
	return 0;
}

static long lru_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct page *page, *next;
	long ret = 0;

	mutex_lock(&lru_lock);
	switch (cmd) {
	case 0x101:
		list_for_each_entry(page, &lru, lru)
			ret = ret * 100 + page_private(page) + 1;
		break;
	case 0x102:
		ret = evicted * 10 + cached;
		break;
	case 0x103:
		list_for_each_entry_safe_reverse(page, next, &lru, lru)
			if (page_count(page) == 1)
				lru_evict(page);
		ret = cached;
		break;
	case 0x104:
		if (arg < LAST) {
			page = lru_get(arg);
			ret = page ? *(u32 *)page_address(page) : -ENOMEM;
		} else {
			ret = -EINVAL;
		}
		break;
	default:
		ret = -ENOTTY;
	}
	mutex_unlock(&lru_lock);
	return ret;
}

static const struct file_operations lru_fops = {
	.owner = THIS_MODULE,
	.mmap = lru_mmap,
	.unlocked_ioctl = lru_ioctl,
};

static struct miscdevice lru_misc = { .minor = MISC_DYNAMIC_MINOR, .name = "page-lru", .fops = &lru_fops };

static int __init lru_module_init(void)
{
	return misc_register(&lru_misc);
}

static void __exit lru_module_exit(void)
{
	struct page *page, *next;

	misc_deregister(&lru_misc);
	list_for_each_entry_safe(page, next, &lru, lru) {
		list_del(&page->lru);
		__free_page(page);
	}
}
module_init(lru_module_init);
module_exit(lru_module_exit);
MODULE_LICENSE("GPL");
