// SPDX-License-Identifier: MIT
/*
 * A cache of pages over a store of 32: faults bring a page in (from a generator), at most four stay; the one used longest ago goes, and its mappings with it.
 * page_mkwrite marks it dirty, and then it is written back when it goes. ioctl 0x101 tells hits, misses and writebacks, 0x102 drops all, 0x103 N reads the store.
 */
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "compat.h"

static unsigned int count_mmap, count_fault, count_page_mkwrite, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_page_mkwrite, uint, 0444);
module_param(count_close, uint, 0444);

#define STORE_PAGES 32
#define CACHE_PAGES 4

struct cached {
	struct list_head lru;
	pgoff_t index;
	struct page *page;
	bool dirty;
};

static DEFINE_XARRAY(cache);
static LIST_HEAD(cache_lru);
static unsigned int cache_count;
static DEFINE_MUTEX(cache_lock);
static u32 store[STORE_PAGES];
static struct {
	unsigned int hits, misses, writebacks;
} statistics;

static void cache_evict(struct address_space *mapping, struct cached *cached)
{
	u32 *words;

	if (mapping)
		unmap_mapping_range(mapping, (loff_t)cached->index << PAGE_SHIFT, PAGE_SIZE, 1);
	if (cached->dirty) {
		words = kmap_local_page(cached->page);
		store[cached->index] = words[0];
		kunmap_local(words);
		statistics.writebacks++;
	}
	xa_erase(&cache, cached->index);
	list_del(&cached->lru);
	cache_count--;
	put_page(cached->page);
	kfree(cached);
}

static struct cached *cache_get(struct address_space *mapping, pgoff_t index)
{
	struct cached *cached = xa_load(&cache, index);
	u32 *words;

	if (cached) {
		statistics.hits++;
		list_move(&cached->lru, &cache_lru);
		return cached;
	}
	statistics.misses++;
	if (cache_count >= CACHE_PAGES)
		cache_evict(mapping, list_last_entry(&cache_lru, struct cached, lru));
	cached = kzalloc(sizeof(*cached), GFP_KERNEL);
	if (!cached)
		return NULL;
	cached->page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!cached->page)
		goto free;
	cached->index = index;
	if (xa_err(xa_store(&cache, index, cached, GFP_KERNEL)))
		goto put;
	words = kmap_local_page(cached->page);
	words[0] = store[index];
	words[1] = ~store[index];
	kunmap_local(words);
	list_add(&cached->lru, &cache_lru);
	cache_count++;
	return cached;
put:
	put_page(cached->page);
free:
	kfree(cached);
	return NULL;
}

static vm_fault_t cache_fault(struct vm_fault *vmf)
{
	struct cached *cached;
	vm_fault_t result = 0;

	count_fault++;
	if (vmf->pgoff >= STORE_PAGES)
		return VM_FAULT_SIGBUS;
	mutex_lock(&cache_lock);
	cached = cache_get(vmf->vma->vm_file->f_mapping, vmf->pgoff);
	if (cached) {
		get_page(cached->page);
		vmf->page = cached->page;
	} else {
		result = VM_FAULT_OOM;
	}
	mutex_unlock(&cache_lock);
	return result;
}

static vm_fault_t cache_page_mkwrite(struct vm_fault *vmf)
{
	struct cached *cached;
	vm_fault_t result = VM_FAULT_LOCKED;

	count_page_mkwrite++;
	mutex_lock(&cache_lock);
	lock_page(vmf->page);
	cached = xa_load(&cache, vmf->pgoff);
	if (!cached || cached->page != vmf->page) {
		unlock_page(vmf->page);
		result = VM_FAULT_NOPAGE;
	} else {
		cached->dirty = true;
	}
	mutex_unlock(&cache_lock);
	return result;
}

static void cache_close(struct vm_area_struct *vma)
{
	count_close++;
}

static const struct vm_operations_struct cache_vm_ops = {
	.close = cache_close,
	.fault = cache_fault,
	.page_mkwrite = cache_page_mkwrite,
};

static void cache_drop(struct address_space *mapping)
{
	struct cached *cached, *next;

	mutex_lock(&cache_lock);
	list_for_each_entry_safe(cached, next, &cache_lru, lru)
		cache_evict(mapping, cached);
	mutex_unlock(&cache_lock);
}

static long cache_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct cached *cached;
	unsigned long index;
	long result = 0;

	switch (command) {
	case 0x101:
		return statistics.hits << 16 | statistics.misses << 8 | statistics.writebacks;
	case 0x102:
		cache_drop(file->f_mapping);
		return 0;
	case 0x103:
		return argument < STORE_PAGES ? store[argument] : -EINVAL;
	case 0x104:
		mutex_lock(&cache_lock);
		xa_for_each(&cache, index, cached)
			result = result * 32 + index;
		mutex_unlock(&cache_lock);
		return result;
	case 0x105:
		list_for_each_entry_reverse(cached, &cache_lru, lru)
			result = result * 32 + cached->index * 2 % 32 + cached->dirty;
		return result;
	}
	return -ENOTTY;
}

static int cache_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_pgoff >= STORE_PAGES)
		return -ENXIO;
	vma->vm_ops = &cache_vm_ops;
	return 0;
}

static const struct file_operations cache_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = cache_ioctl,
	.mmap = cache_mmap,
};

static struct miscdevice cache_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "page-cache",
	.fops = &cache_fops,
};

static int __init cache_init(void)
{
	u32 seed = 1;
	int i;

	for (i = 0; i < STORE_PAGES; i++) {
		seed = seed * 1103515245u + 12345u;
		store[i] = (seed >> 16) & 0x7fff;
	}
	return misc_register(&cache_device);
}
module_init(cache_init);

static void __exit cache_exit(void)
{
	misc_deregister(&cache_device);
	cache_drop(NULL);
	xa_destroy(&cache);
}
module_exit(cache_exit);

MODULE_DESCRIPTION("A cache of pages");
MODULE_LICENSE("GPL");
