// SPDX-License-Identifier: MIT
/*
 * Buffers of an open file, as a graphics driver has them: a handle for each (idr), a place in the offsets of the device for each (a red-black
 * tree by first page), a reference count. Making one tells its handle and its offset by a struct.
 */
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

static unsigned int count_mmap, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

#define REGIONS_FIRST 16
#define REGIONS_MOST 8

struct regions_create {
	__u64 size;
	__u32 flags;
	__u32 handle;
	__u64 offset;
};

struct region {
	struct rb_node node;
	refcount_t users;
	unsigned long start;
	unsigned long pages;
	struct page **page;
};

struct regions_file {
	struct idr handles;
};

static DEFINE_MUTEX(regions_lock);
static struct rb_root regions_tree = RB_ROOT;
static unsigned long regions_next = REGIONS_FIRST;
static atomic_t regions_alive = ATOMIC_INIT(0);

static void region_insert(struct region *region)
{
	struct rb_node **link = &regions_tree.rb_node, *parent = NULL;

	while (*link) {
		struct region *other = rb_entry(*link, struct region, node);

		parent = *link;
		link = region->start < other->start ? &(*link)->rb_left : &(*link)->rb_right;
	}
	rb_link_node(&region->node, parent, link);
	rb_insert_color(&region->node, &regions_tree);
}

/* The region that holds a page of the offsets, or NULL. */
static struct region *region_at(unsigned long pgoff)
{
	struct rb_node *node = regions_tree.rb_node;

	while (node) {
		struct region *region = rb_entry(node, struct region, node);

		if (pgoff < region->start)
			node = node->rb_left;
		else if (pgoff >= region->start + region->pages)
			node = node->rb_right;
		else
			return region;
	}
	return NULL;
}

static void region_put(struct region *region)
{
	unsigned long i;

	if (!refcount_dec_and_mutex_lock(&region->users, &regions_lock))
		return;
	rb_erase(&region->node, &regions_tree);
	mutex_unlock(&regions_lock);
	for (i = 0; i < region->pages; i++)
		__free_page(region->page[i]);
	kvfree(region->page);
	kfree(region);
	atomic_dec(&regions_alive);
}

static struct region *region_new(unsigned long pages)
{
	struct region *region = kzalloc(sizeof(*region), GFP_KERNEL);

	if (!region)
		return ERR_PTR(-ENOMEM);
	region->page = kvmalloc_array(pages, sizeof(*region->page), GFP_KERNEL | __GFP_ZERO);
	if (!region->page) {
		kfree(region);
		return ERR_PTR(-ENOMEM);
	}
	for (; region->pages < pages; region->pages++) {
		region->page[region->pages] = alloc_page(GFP_HIGHUSER | __GFP_ZERO);
		if (!region->page[region->pages])
			break;
	}
	refcount_set(&region->users, 1);
	mutex_lock(&regions_lock);
	region->start = regions_next;
	regions_next += pages;
	region_insert(region);
	mutex_unlock(&regions_lock);
	atomic_inc(&regions_alive);
	return region;
}

static void regions_vma_open(struct vm_area_struct *vma)
{
	struct region *region = vma->vm_private_data;

	count_open++;
	refcount_inc(&region->users);
}

static void regions_vma_close(struct vm_area_struct *vma)
{
	count_close++;
	region_put(vma->vm_private_data);
}

static const struct vm_operations_struct regions_vm_ops = {
	.open = regions_vma_open,
	.close = regions_vma_close,
};

static int regions_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct region *region;
	unsigned long first, count = vma_pages(vma);
	int err;

	count_mmap++;
	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	mutex_lock(&regions_lock);
	region = region_at(vma->vm_pgoff);
	if (region && !refcount_inc_not_zero(&region->users))
		region = NULL;
	mutex_unlock(&regions_lock);
	if (!region)
		return -ENXIO;
	first = vma->vm_pgoff - region->start;
	if (count > region->pages - first) {
		region_put(region);
		return -E2BIG;
	}
	err = vm_insert_pages(vma, vma->vm_start, region->page + first, &count);
	if (err || count) {
		region_put(region);
		return err ?: -EIO;
	}
	vma->vm_private_data = region;
	vma->vm_ops = &regions_vm_ops;
	return 0;
}

static long regions_make(struct regions_file *priv, struct regions_create __user *user)
{
	struct regions_create create;
	struct region *region;
	int handle;

	if (copy_from_user(&create, user, sizeof(create)))
		return -EFAULT;
	if (create.flags)
		return -EINVAL;
	if (!create.size || create.size > REGIONS_MOST * PAGE_SIZE)
		return -ENOSPC;
	region = region_new(PAGE_ALIGN(create.size) >> PAGE_SHIFT);
	if (IS_ERR(region))
		return PTR_ERR(region);
	handle = idr_alloc(&priv->handles, region, 1, REGIONS_MOST, GFP_KERNEL);
	if (handle < 0) {
		region_put(region);
		return handle;
	}
	create.handle = handle;
	create.offset = (u64)region->start << PAGE_SHIFT;
	if (copy_to_user(user, &create, sizeof(create))) {
		idr_remove(&priv->handles, handle);
		region_put(region);
		return -EFAULT;
	}
	return 0;
}

static long regions_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct regions_file *priv = file->private_data;
	struct region *region;

	switch (command) {
	case 0x101:
		return regions_make(priv, (void __user *)argument);
	case 0x102:
		region = idr_remove(&priv->handles, argument);
		if (!region)
			return -ENOENT;
		region_put(region);
		return 0;
	case 0x103:
		return atomic_read(&regions_alive);
	case 0x104:
		region = idr_find(&priv->handles, argument);
		return region ? refcount_read(&region->users) : -ENOENT;
	case 0x105:
		region = idr_find(&priv->handles, argument);
		return region ? (long)region->start : -ENOENT;
	default:
		return -ENOTTY;
	}
}

static int regions_open(struct inode *inode, struct file *file)
{
	struct regions_file *priv = kzalloc(sizeof(*priv), GFP_KERNEL);

	if (!priv)
		return -ENOMEM;
	idr_init(&priv->handles);
	file->private_data = priv;
	return 0;
}

static int regions_drop(int handle, void *entry, void *data)
{
	region_put(entry);
	return 0;
}

static int regions_release(struct inode *inode, struct file *file)
{
	struct regions_file *priv = file->private_data;

	idr_for_each(&priv->handles, regions_drop, NULL);
	idr_destroy(&priv->handles);
	kfree(priv);
	return 0;
}

static const struct file_operations regions_fops = {
	.owner = THIS_MODULE,
	.open = regions_open,
	.release = regions_release,
	.unlocked_ioctl = regions_ioctl,
	.mmap = regions_mmap,
};

static struct miscdevice regions_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "regions",
	.fops = &regions_fops,
};
module_misc_device(regions_device);

MODULE_DESCRIPTION("Buffers with handles and a tree of offsets");
MODULE_LICENSE("GPL");
