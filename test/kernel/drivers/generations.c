// SPDX-License-Identifier: MIT
/*
 * Keeps the last state of a page under RCU: write() at an offset makes a new generation from a copy of the current one, and programs that fault afterwards
 * see that. ioctl 0x101 tells the generation, 0x102 how many generations live, 0x103 drops all mappings, 0x104 goes back to an empty one.
 */
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/mempool.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

struct generation {
	struct list_head link;
	struct rcu_head rcu;
	unsigned int number;
	refcount_t users;
	struct page *page;
};

static struct kmem_cache *generation_cache;
static mempool_t *generation_pool;
static struct generation __rcu *generation_now;
static LIST_HEAD(generation_list);
static DEFINE_SPINLOCK(generation_lock);
static atomic_t generation_live;

static struct generation *generation_alloc(const struct generation *old)
{
	struct generation *fresh = mempool_alloc(generation_pool, GFP_KERNEL);

	if (!fresh)
		return NULL;
	fresh->page = alloc_page(GFP_KERNEL);
	if (!fresh->page) {
		mempool_free(fresh, generation_pool);
		return NULL;
	}
	if (old)
		copy_highpage(fresh->page, old->page);
	else
		clear_highpage(fresh->page);
	fresh->number = old ? old->number + 1 : 0;
	refcount_set(&fresh->users, 1);
	INIT_LIST_HEAD(&fresh->link);
	atomic_inc(&generation_live);
	return fresh;
}

static void generation_free(struct rcu_head *head)
{
	struct generation *generation = container_of(head, struct generation, rcu);

	put_page(generation->page);
	mempool_free(generation, generation_pool);
	atomic_dec(&generation_live);
}

static void generation_put(struct generation *generation)
{
	if (!refcount_dec_and_test(&generation->users))
		return;
	spin_lock(&generation_lock);
	list_del_rcu(&generation->link);
	spin_unlock(&generation_lock);
	call_rcu(&generation->rcu, generation_free);
}

static struct generation *generation_get(void)
{
	struct generation *generation;

	rcu_read_lock();
	do {
		generation = rcu_dereference(generation_now);
	} while (generation && !refcount_inc_not_zero(&generation->users));
	rcu_read_unlock();
	return generation;
}

static void generation_publish(struct generation *fresh)
{
	struct generation *old;

	spin_lock(&generation_lock);
	list_add_tail_rcu(&fresh->link, &generation_list);
	old = rcu_replace_pointer(generation_now, fresh, lockdep_is_held(&generation_lock));
	spin_unlock(&generation_lock);
	if (old)
		generation_put(old);
}

static ssize_t generations_write(struct file *file, const char __user *from, size_t length, loff_t *position)
{
	struct generation *old, *fresh;
	ssize_t done;

	old = generation_get();
	fresh = generation_alloc(old);
	generation_put(old);
	if (!fresh)
		return -ENOMEM;
	done = simple_write_to_buffer(page_address(fresh->page), PAGE_SIZE, position, from, length);
	if (done <= 0) {
		call_rcu(&fresh->rcu, generation_free);
		return done ?: -ENOSPC;
	}
	generation_publish(fresh);
	return done;
}

static ssize_t generations_read(struct file *file, char __user *to, size_t length, loff_t *position)
{
	struct generation *generation = generation_get();
	ssize_t done = simple_read_from_buffer(to, length, position, page_address(generation->page), PAGE_SIZE);

	generation_put(generation);
	return done;
}

static long generations_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct generation *generation;
	unsigned int number = 0;

	switch (command) {
	case 0x101:
		rcu_read_lock();
		number = rcu_dereference(generation_now)->number;
		rcu_read_unlock();
		return number;
	case 0x102:
		rcu_barrier();
		return atomic_read(&generation_live);
	case 0x103:
		unmap_mapping_range(file->f_mapping, 0, 0, 1);
		return 0;
	case 0x104:
		generation = generation_alloc(NULL);
		if (!generation)
			return -ENOMEM;
		generation_publish(generation);
		synchronize_rcu();
		return 0;
	case 0x105:
		rcu_read_lock();
		list_for_each_entry_rcu(generation, &generation_list, link)
			number = number * 10 + refcount_read(&generation->users);
		rcu_read_unlock();
		return number;
	}
	return -ENOTTY;
}

static vm_fault_t generations_fault(struct vm_fault *vmf)
{
	struct generation *generation;

	count_fault++;
	if (vmf->pgoff > 0)
		return VM_FAULT_SIGBUS;
	generation = generation_get();
	if (!generation)
		return VM_FAULT_NOPAGE;
	get_page(generation->page);
	vmf->page = generation->page;
	generation_put(generation);
	return 0;
}

static const struct vm_operations_struct generations_vm_ops = {
	.fault = generations_fault,
};

static int generations_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_flags & VM_WRITE)
		return -EACCES;
	vm_flags_clear(vma, VM_MAYWRITE);
	vma->vm_ops = &generations_vm_ops;
	return 0;
}

static loff_t generations_llseek(struct file *file, loff_t offset, int whence)
{
	return fixed_size_llseek(file, offset, whence, PAGE_SIZE);
}

static const struct file_operations generations_fops = {
	.owner = THIS_MODULE,
	.read = generations_read,
	.write = generations_write,
	.llseek = generations_llseek,
	.unlocked_ioctl = generations_ioctl,
	.mmap = generations_mmap,
};

static struct miscdevice generations_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "generations",
	.fops = &generations_fops,
};

static int __init generations_init(void)
{
	struct generation *first;
	int err = -ENOMEM;

	generation_cache = KMEM_CACHE(generation, SLAB_HWCACHE_ALIGN);
	if (!generation_cache)
		return -ENOMEM;
	generation_pool = mempool_create_slab_pool(2, generation_cache);
	if (!generation_pool)
		goto cache;
	first = generation_alloc(NULL);
	if (!first)
		goto pool;
	generation_publish(first);
	err = misc_register(&generations_device);
	if (!err)
		return 0;
	generation_put(first);
	rcu_barrier();
pool:
	mempool_destroy(generation_pool);
cache:
	kmem_cache_destroy(generation_cache);
	return err;
}
module_init(generations_init);

static void __exit generations_exit(void)
{
	misc_deregister(&generations_device);
	generation_put(rcu_dereference_protected(generation_now, true));
	rcu_barrier();
	mempool_destroy(generation_pool);
	kmem_cache_destroy(generation_cache);
}
module_exit(generations_exit);

MODULE_DESCRIPTION("Generations of a page under RCU");
MODULE_LICENSE("GPL");
