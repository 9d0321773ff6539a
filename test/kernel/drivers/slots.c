// SPDX-License-Identifier: MIT
/*
 * Slots of one page each, numbered by an ida, kept in a hash by a key of the program. Objects come from a cache, their pages from a pool. A mapping is of
 * one key; the last user frees. Freed objects go to a list that ioctl 0x104 reaps.
 */
#include <linux/fs.h>
#include <linux/hashtable.h>
#include <linux/highmem.h>
#include <linux/idr.h>
#include <linux/jhash.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mempool.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

static unsigned int count_mmap, count_open, count_close, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);
module_param(count_fault, uint, 0444);

static int slots_most = 4;
module_param(slots_most, int, 0444);

struct slot {
	struct hlist_node node;
	struct list_head dead;
	struct kref users;
	u32 key;
	int number;
	struct page *page;
	struct rcu_head rcu;
};

static DEFINE_HASHTABLE(slots_table, 4);
static DEFINE_SPINLOCK(slots_lock);
static DEFINE_IDA(slots_numbers);
static LIST_HEAD(slots_dead);
static struct kmem_cache *slots_cache;
static mempool_t *slots_pages;

static struct slot *slot_get(u32 key)
{
	struct slot *slot;

	rcu_read_lock();
	hash_for_each_possible_rcu(slots_table, slot, node, key) {
		if (slot->key == key && kref_get_unless_zero(&slot->users)) {
			rcu_read_unlock();
			return slot;
		}
	}
	rcu_read_unlock();
	return NULL;
}

static void slot_die(struct kref *users)
{
	struct slot *slot = container_of(users, struct slot, users);

	spin_lock(&slots_lock);
	hash_del_rcu(&slot->node);
	list_add_tail(&slot->dead, &slots_dead);
	spin_unlock(&slots_lock);
}

static void slot_free_rcu(struct rcu_head *rcu)
{
	kmem_cache_free(slots_cache, container_of(rcu, struct slot, rcu));
}

static long slots_reap(void)
{
	struct slot *slot, *next;
	LIST_HEAD(batch);
	long reaped = 0;

	spin_lock(&slots_lock);
	list_splice_init(&slots_dead, &batch);
	spin_unlock(&slots_lock);
	list_for_each_entry_safe(slot, next, &batch, dead) {
		list_del(&slot->dead);
		ida_free(&slots_numbers, slot->number);
		mempool_free(slot->page, slots_pages);
		call_rcu(&slot->rcu, slot_free_rcu);
		reaped++;
	}
	return reaped;
}

static long slot_create(u32 key)
{
	struct slot *slot = slot_get(key);
	int number;

	if (slot) {
		kref_put(&slot->users, slot_die);
		return -EEXIST;
	}
	number = ida_alloc_range(&slots_numbers, 1, slots_most, GFP_KERNEL);
	if (number < 0)
		return number;
	slot = kmem_cache_zalloc(slots_cache, GFP_KERNEL);
	if (!slot) {
		ida_free(&slots_numbers, number);
		return -ENOMEM;
	}
	slot->page = mempool_alloc(slots_pages, GFP_KERNEL);
	clear_highpage(slot->page);
	*(u32 *)page_address(slot->page) = jhash_1word(key, 0) & 0xffff ? key : 0;
	slot->number = number;
	slot->key = key;
	kref_init(&slot->users);
	spin_lock(&slots_lock);
	hash_add_rcu(slots_table, &slot->node, key);
	spin_unlock(&slots_lock);
	return number;
}

static long slots_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct slot *slot;
	unsigned int bucket, count = 0;
	long result;

	switch (command) {
	case 0x101:
		return slot_create(argument);
	case 0x102:
		slot = slot_get(argument);
		if (!slot)
			return -ENOENT;
		kref_put(&slot->users, slot_die);
		return kref_put(&slot->users, slot_die);
	case 0x103:
		slot = slot_get(argument);
		if (!slot)
			return -ENOENT;
		result = kref_read(&slot->users) - 1;
		kref_put(&slot->users, slot_die);
		return result;
	case 0x104:
		return slots_reap();
	case 0x105:
		hash_for_each(slots_table, bucket, slot, node)
			count += slot->number;
		return count;
	}
	return -ENOTTY;
}

static void slots_vma_open(struct vm_area_struct *vma)
{
	struct slot *slot = vma->vm_private_data;

	count_open++;
	kref_get(&slot->users);
}

static void slots_vma_close(struct vm_area_struct *vma)
{
	struct slot *slot = vma->vm_private_data;

	count_close++;
	kref_put(&slot->users, slot_die);
}

static vm_fault_t slots_fault(struct vm_fault *vmf)
{
	struct slot *slot = vmf->vma->vm_private_data;

	count_fault++;
	if (vmf->address - vmf->vma->vm_start >= PAGE_SIZE)
		return VM_FAULT_SIGBUS;
	get_page(slot->page);
	vmf->page = slot->page;
	return 0;
}

static const struct vm_operations_struct slots_vm_ops = {
	.open = slots_vma_open,
	.close = slots_vma_close,
	.fault = slots_fault,
};

static int slots_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct slot *slot = slot_get(vma->vm_pgoff);

	count_mmap++;
	if (!slot)
		return -ENOENT;
	vma->vm_private_data = slot;
	vma->vm_ops = &slots_vm_ops;
	return 0;
}

static const struct file_operations slots_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = slots_ioctl,
	.mmap = slots_mmap,
};

static struct miscdevice slots_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "slots",
	.fops = &slots_fops,
};

static int __init slots_init(void)
{
	int err;

	slots_cache = KMEM_CACHE(slot, SLAB_HWCACHE_ALIGN);
	if (!slots_cache)
		return -ENOMEM;
	err = -ENOMEM;
	slots_pages = mempool_create_page_pool(2, 0);
	if (!slots_pages)
		goto cache;
	err = misc_register(&slots_device);
	if (err)
		goto pool;
	return 0;
pool:
	mempool_destroy(slots_pages);
cache:
	kmem_cache_destroy(slots_cache);
	return err;
}
module_init(slots_init);

static void __exit slots_exit(void)
{
	struct hlist_node *next;
	struct slot *slot;
	unsigned int bucket;

	misc_deregister(&slots_device);
	hash_for_each_safe(slots_table, bucket, next, slot, node)
		kref_put(&slot->users, slot_die);
	slots_reap();
	rcu_barrier();
	ida_destroy(&slots_numbers);
	mempool_destroy(slots_pages);
	kmem_cache_destroy(slots_cache);
}
module_exit(slots_exit);

MODULE_DESCRIPTION("Slots in a hash, freed late");
MODULE_LICENSE("GPL");
