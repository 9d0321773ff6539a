// SPDX-License-Identifier: MIT
/* Buffers that an ioctl allocates: a handle and an offset to map come back, krefs hold a buffer for its handle and for each mapping. */
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/io.h>
#include <linux/kref.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "compat.h"

static unsigned int count_mmap, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

struct slot_req {
	__u32 size;
	__u32 handle;
	__u64 offset;
};

#define SLOT_ALLOC _IOWR('s', 1, struct slot_req)
#define SLOT_FREE _IOW('s', 2, __u32)
#define SLOT_STAT _IO('s', 3)
#define SLOT_FILL _IOW('s', 4, struct slot_req)

struct slot_buf {
	struct kref ref;
	unsigned int order;
	size_t size;
	void *cpu;
};

struct slot_ctx {
	struct mutex lock;
	struct idr handles;
	unsigned int live;
};

static atomic_t total = ATOMIC_INIT(0);

static void slot_release_buf(struct kref *ref)
{
	struct slot_buf *buf = container_of(ref, struct slot_buf, ref);

	free_pages((unsigned long)buf->cpu, buf->order);
	kfree(buf);
	atomic_dec(&total);
}

static int slot_open(struct inode *inode, struct file *filp)
{
	struct slot_ctx *ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);

	if (!ctx)
		return -ENOMEM;
	mutex_init(&ctx->lock);
	idr_init(&ctx->handles);
	filp->private_data = ctx;
	return nonseekable_open(inode, filp);
}

static int slot_idr_free(int id, void *p, void *data)
{
	struct slot_buf *buf = p;

	kref_put(&buf->ref, slot_release_buf);
	return 0;
}

static int slot_release(struct inode *inode, struct file *filp)
{
	struct slot_ctx *ctx = filp->private_data;

	idr_for_each(&ctx->handles, slot_idr_free, NULL);
	idr_destroy(&ctx->handles);
	mutex_destroy(&ctx->lock);
	kfree(ctx);
	return 0;
}

static int slot_alloc(struct slot_ctx *ctx, struct slot_req __user *ureq)
{
	struct slot_req req;
	struct slot_buf *buf;
	int id;

	if (copy_from_user(&req, ureq, sizeof(req)))
		return -EFAULT;
	if (!req.size || req.size > SZ_64K)
		return -EINVAL;
	buf = kzalloc(sizeof(*buf), GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	buf->size = PAGE_ALIGN(req.size);
	buf->order = get_order(buf->size);
	buf->cpu = (void *)__get_free_pages(GFP_KERNEL | __GFP_ZERO, buf->order);
	if (!buf->cpu) {
		kfree(buf);
		return -ENOMEM;
	}
	kref_init(&buf->ref);
	mutex_lock(&ctx->lock);
	id = idr_alloc(&ctx->handles, buf, 1, 5, GFP_KERNEL);
	if (id >= 0)
		ctx->live++;
	mutex_unlock(&ctx->lock);
	atomic_inc(&total);
	if (id < 0) {
		kref_put(&buf->ref, slot_release_buf);
		return id;
	}
	req.handle = id;
	req.offset = (u64)id << 20;
	req.size = buf->size;
	if (copy_to_user(ureq, &req, sizeof(req)))
		return -EFAULT;
	return 0;
}

static long slot_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	struct slot_ctx *ctx = filp->private_data;
	struct slot_buf *buf;
	struct slot_req req;
	u32 handle;

	switch (cmd) {
	case SLOT_ALLOC:
		return slot_alloc(ctx, (void __user *)arg);
	case SLOT_FREE:
		if (get_user(handle, (u32 __user *)arg))
			return -EFAULT;
		mutex_lock(&ctx->lock);
		buf = idr_remove(&ctx->handles, handle);
		if (buf)
			ctx->live--;
		mutex_unlock(&ctx->lock);
		if (!buf)
			return -ENOENT;
		kref_put(&buf->ref, slot_release_buf);
		return 0;
	case SLOT_STAT:
		return ctx->live * 100 + atomic_read(&total);
	case SLOT_FILL:
		if (copy_from_user(&req, (void __user *)arg, sizeof(req)))
			return -EFAULT;
		mutex_lock(&ctx->lock);
		buf = idr_find(&ctx->handles, req.handle);
		if (!buf || req.offset >= buf->size) {
			mutex_unlock(&ctx->lock);
			return -EINVAL;
		}
		memset(buf->cpu + req.offset, req.size, min_t(size_t, 64, buf->size - req.offset));
		mutex_unlock(&ctx->lock);
		return 0;
	default:
		return -ENOIOCTLCMD;
	}
}

static void slot_vma_open(struct vm_area_struct *vma)
{
	struct slot_buf *buf = vma->vm_private_data;

	count_open++;
	kref_get(&buf->ref);
}

static void slot_vma_close(struct vm_area_struct *vma)
{
	struct slot_buf *buf = vma->vm_private_data;

	count_close++;
	kref_put(&buf->ref, slot_release_buf);
}

static const struct vm_operations_struct slot_vm_ops = {
	.open = slot_vma_open,
	.close = slot_vma_close,
};

static int slot_mmap(struct file *filp, struct vm_area_struct *vma)
{
	struct slot_ctx *ctx = filp->private_data;
	unsigned long size = vma->vm_end - vma->vm_start;
	int handle = vma->vm_pgoff >> (20 - PAGE_SHIFT);
	unsigned long off = (vma->vm_pgoff << PAGE_SHIFT) & (SZ_1M - 1);
	struct slot_buf *buf;
	int ret;

	count_mmap++;
	mutex_lock(&ctx->lock);
	buf = idr_find(&ctx->handles, handle);
	if (buf)
		kref_get(&buf->ref);
	mutex_unlock(&ctx->lock);
	if (!buf)
		return -EINVAL;
	if (off + size > buf->size || off + size < off) {
		ret = -ENXIO;
		goto put;
	}
	ret = remap_pfn_range(vma, vma->vm_start, (virt_to_phys(buf->cpu) + off) >> PAGE_SHIFT, size, vma->vm_page_prot);
	if (ret)
		goto put;
	vma->vm_private_data = buf;
	vma->vm_ops = &slot_vm_ops;
	return 0;
put:
	kref_put(&buf->ref, slot_release_buf);
	return ret;
}

static const struct file_operations slot_fops = {
	.owner = THIS_MODULE,
	.open = slot_open,
	.release = slot_release,
	.unlocked_ioctl = slot_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = slot_mmap,
};

static struct miscdevice slot_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "dma-slots",
	.fops = &slot_fops,
	.mode = 0666,
};
module_misc_device(slot_misc);
MODULE_LICENSE("GPL");
