// SPDX-License-Identifier: MIT
/*
 * Each open file has a pool of frames of its own; ioctl 1 makes one with the pages that its argument says. A mapping holds the pool by a kref,
 * so that it outlives the file.
 */
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "compat.h"

static unsigned int count_mmap, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

#define FRAME_LIMIT 8

struct frame_pool {
	struct kref refs;
	unsigned int count;
	struct page **frames;
};

struct frame_client {
	struct mutex lock;
	struct frame_pool *pool;
};

static void frame_pool_free(struct kref *refs)
{
	struct frame_pool *pool = container_of(refs, struct frame_pool, refs);

	while (pool->count > 0)
		put_page(pool->frames[--pool->count]);
	kfree(pool->frames);
	kfree(pool);
}

static struct frame_pool *frame_pool_make(unsigned int count)
{
	struct frame_pool *pool = kzalloc(sizeof(*pool), GFP_KERNEL);

	if (!pool)
		return ERR_PTR(-ENOMEM);
	kref_init(&pool->refs);
	pool->frames = kcalloc(count, sizeof(*pool->frames), GFP_KERNEL);
	if (!pool->frames)
		goto failed;
	for (; pool->count < count; pool->count++) {
		struct page *page = alloc_page(GFP_HIGHUSER | __GFP_ZERO);

		if (!page)
			goto failed;
		*(u32 *)page_address(page) = 0xf0 + pool->count;
		pool->frames[pool->count] = page;
	}
	return pool;

failed:
	kref_put(&pool->refs, frame_pool_free);
	return ERR_PTR(-ENOMEM);
}

static void frame_vma_open(struct vm_area_struct *vma)
{
	struct frame_pool *pool = vma->vm_private_data;

	count_open++;
	kref_get(&pool->refs);
}

static void frame_vma_close(struct vm_area_struct *vma)
{
	struct frame_pool *pool = vma->vm_private_data;

	count_close++;
	kref_put(&pool->refs, frame_pool_free);
}

static const struct vm_operations_struct frame_vm_ops = {
	.open = frame_vma_open,
	.close = frame_vma_close,
};

static int frame_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct frame_client *client = file->private_data;
	struct frame_pool *pool;
	unsigned long pages = vma_pages(vma);
	unsigned long i;
	int err = 0;

	count_mmap++;
	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	mutex_lock(&client->lock);
	pool = client->pool;
	if (!pool) {
		err = -ENODATA;
		goto unlock;
	}
	if (vma->vm_pgoff + pages > pool->count) {
		err = -ERANGE;
		goto unlock;
	}
	vm_flags_set(vma, VM_DONTDUMP);
	for (i = 0; i < pages && !err; i++)
		err = vm_insert_page(vma, vma->vm_start + i * PAGE_SIZE, pool->frames[vma->vm_pgoff + i]);
	if (!err) {
		kref_get(&pool->refs);
		vma->vm_private_data = pool;
		vma->vm_ops = &frame_vm_ops;
	}
unlock:
	mutex_unlock(&client->lock);
	return err;
}

static long frame_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct frame_client *client = file->private_data;
	struct frame_pool *pool;
	long err = 0;

	switch (command) {
	case 0x101:
		if (argument == 0 || argument > FRAME_LIMIT)
			return -EINVAL;
		pool = frame_pool_make(argument);
		if (IS_ERR(pool))
			return PTR_ERR(pool);
		mutex_lock(&client->lock);
		if (client->pool)
			kref_put(&client->pool->refs, frame_pool_free);
		client->pool = pool;
		mutex_unlock(&client->lock);
		return 0;
	case 0x102:
		mutex_lock(&client->lock);
		err = client->pool ? client->pool->count : -ENODATA;
		mutex_unlock(&client->lock);
		return err;
	default:
		return -ENOTTY;
	}
}

static int frame_open(struct inode *inode, struct file *file)
{
	struct frame_client *client = kzalloc(sizeof(*client), GFP_KERNEL);

	if (!client)
		return -ENOMEM;
	mutex_init(&client->lock);
	file->private_data = client;
	return 0;
}

static int frame_release(struct inode *inode, struct file *file)
{
	struct frame_client *client = file->private_data;

	if (client->pool)
		kref_put(&client->pool->refs, frame_pool_free);
	kfree(client);
	return 0;
}

static const struct file_operations frame_fops = {
	.owner = THIS_MODULE,
	.open = frame_open,
	.release = frame_release,
	.unlocked_ioctl = frame_ioctl,
	.mmap = frame_mmap,
};

static struct miscdevice frame_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "frame-pool",
	.fops = &frame_fops,
};
module_misc_device(frame_device);

MODULE_DESCRIPTION("A pool of frames for each open file");
MODULE_LICENSE("GPL");
