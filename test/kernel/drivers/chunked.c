// SPDX-License-Identifier: MIT
/* A capture device: buffers are requested, queued, filled and taken back by ioctls with structs, mapped at cookies; streaming forbids to free. */
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "compat.h"

static unsigned int count_mmap, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

#define MAX_BUFS 4

enum buf_state { BUF_IDLE, BUF_QUEUED, BUF_DONE };

struct cap_request {
	__u32 count;
	__u32 size;
};

struct cap_buffer {
	__u32 index;
	__u32 flags;
	__u32 length;
	__u32 bytesused;
	__u64 offset;
	__u64 sequence;
};

#define CAP_REQBUFS _IOWR('C', 1, struct cap_request)
#define CAP_QUERY _IOWR('C', 2, struct cap_buffer)
#define CAP_QBUF _IOW('C', 3, __u32)
#define CAP_DQBUF _IOR('C', 4, struct cap_buffer)
#define CAP_STREAM _IO('C', 5)
#define CAP_TICK _IO('C', 6)

struct buf {
	struct list_head queue;
	enum buf_state state;
	void *vaddr;
	u32 bytesused;
	u64 sequence;
	atomic_t maps;
};

struct cap {
	struct mutex lock;
	struct buf bufs[MAX_BUFS];
	unsigned int num;
	u32 size;
	bool streaming;
	u64 sequence;
	struct list_head queued, done;
};

static void cap_free(struct cap *c)
{
	unsigned int i;

	for (i = 0; i < c->num; i++) {
		vfree(c->bufs[i].vaddr);
		c->bufs[i].vaddr = NULL;
	}
	c->num = 0;
	INIT_LIST_HEAD(&c->queued);
	INIT_LIST_HEAD(&c->done);
}

static long cap_reqbufs(struct cap *c, void __user *arg)
{
	struct cap_request req;
	unsigned int i;

	if (copy_from_user(&req, arg, sizeof(req)))
		return -EFAULT;
	if (c->streaming)
		return -EBUSY;
	for (i = 0; i < c->num; i++)
		if (atomic_read(&c->bufs[i].maps))
			return -EBUSY;
	cap_free(c);
	if (!req.count)
		return 0;
	req.count = clamp_t(u32, req.count, 2, MAX_BUFS);
	c->size = round_up(req.size, PAGE_SIZE);
	if (!c->size || c->size > 16 * PAGE_SIZE)
		return -EINVAL;
	for (i = 0; i < req.count; i++) {
		struct buf *b = &c->bufs[i];

		b->vaddr = vmalloc_user(c->size);
		if (!b->vaddr) {
			cap_free(c);
			return -ENOMEM;
		}
		b->state = BUF_IDLE;
		INIT_LIST_HEAD(&b->queue);
		c->num++;
	}
	req.size = c->size;
	return copy_to_user(arg, &req, sizeof(req)) ? -EFAULT : c->num;
}

static void cap_fill(struct cap *c, struct cap_buffer *u, unsigned int index)
{
	struct buf *b = &c->bufs[index];

	*u = (struct cap_buffer){
		.index = index,
		.flags = b->state | (atomic_read(&b->maps) ? 0x10 : 0),
		.length = c->size,
		.bytesused = b->bytesused,
		.offset = (u64)index * c->size,
		.sequence = b->sequence,
	};
}

static long cap_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct cap *c = file->private_data;
	void __user *argp = (void __user *)arg;
	struct cap_buffer u;
	struct buf *b;
	u32 index;
	long ret = 0;

	mutex_lock(&c->lock);
	switch (cmd) {
	case CAP_REQBUFS:
		ret = cap_reqbufs(c, argp);
		break;
	case CAP_QUERY:
		if (copy_from_user(&u, argp, sizeof(u))) {
			ret = -EFAULT;
			break;
		}
		if (u.index >= c->num) {
			ret = -EINVAL;
			break;
		}
		cap_fill(c, &u, u.index);
		ret = copy_to_user(argp, &u, sizeof(u)) ? -EFAULT : (long)(u.flags + (u.offset >> PAGE_SHIFT) * 100);
		break;
	case CAP_QBUF:
		if (get_user(index, (u32 __user *)argp)) {
			ret = -EFAULT;
			break;
		}
		if (index >= c->num || c->bufs[index].state != BUF_IDLE) {
			ret = -EINVAL;
			break;
		}
		c->bufs[index].state = BUF_QUEUED;
		list_add_tail(&c->bufs[index].queue, &c->queued);
		break;
	case CAP_DQBUF:
		b = list_first_entry_or_null(&c->done, struct buf, queue);
		if (!b) {
			ret = c->streaming ? -EAGAIN : -EINVAL;
			break;
		}
		list_del_init(&b->queue);
		b->state = BUF_IDLE;
		cap_fill(c, &u, b - c->bufs);
		ret = copy_to_user(argp, &u, sizeof(u)) ? -EFAULT : (long)u.index;
		break;
	case CAP_STREAM:
		if (arg && !c->num)
			ret = -ENOBUFS;
		else
			c->streaming = arg;
		break;
	case CAP_TICK:
		if (!c->streaming) {
			ret = -EPIPE;
			break;
		}
		c->sequence++;
		if (list_empty(&c->queued)) {
			ret = -ENODATA;
			break;
		}
		b = list_first_entry(&c->queued, struct buf, queue);
		memset32(b->vaddr, (u32)c->sequence, c->size / 4);
		b->bytesused = c->size - 16;
		b->sequence = c->sequence;
		b->state = BUF_DONE;
		list_move_tail(&b->queue, &c->done);
		break;
	default:
		ret = -ENOTTY;
	}
	mutex_unlock(&c->lock);
	return ret;
}

static void cap_vm_open(struct vm_area_struct *vma)
{
	struct buf *b = vma->vm_private_data;

	count_open++;
	atomic_inc(&b->maps);
}

static void cap_vm_close(struct vm_area_struct *vma)
{
	struct buf *b = vma->vm_private_data;

	count_close++;
	atomic_dec(&b->maps);
}

static const struct vm_operations_struct cap_vm_ops = {
	.open = cap_vm_open,
	.close = cap_vm_close,
};

static int cap_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct cap *c = file->private_data;
	unsigned long pages;
	struct buf *b;
	int ret = -EINVAL;

	count_mmap++;
	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	if (!(vma->vm_flags & VM_READ))
		return -EINVAL;
	mutex_lock(&c->lock);
	pages = c->size >> PAGE_SHIFT;
	if (!c->num || vma->vm_pgoff % pages || vma->vm_pgoff / pages >= c->num || vma_pages(vma) > pages)
		goto out;
	b = &c->bufs[vma->vm_pgoff / pages];
	ret = remap_vmalloc_range(vma, b->vaddr, 0);
	if (ret)
		goto out;
	vm_flags_set(vma, VM_DONTEXPAND);
	vma->vm_private_data = b;
	vma->vm_ops = &cap_vm_ops;
	vma->vm_ops->open(vma);
out:
	mutex_unlock(&c->lock);
	return ret;
}

static int cap_open(struct inode *inode, struct file *file)
{
	struct cap *c = kzalloc(sizeof(*c), GFP_KERNEL);

	if (!c)
		return -ENOMEM;
	mutex_init(&c->lock);
	INIT_LIST_HEAD(&c->queued);
	INIT_LIST_HEAD(&c->done);
	file->private_data = c;
	return 0;
}

static int cap_release(struct inode *inode, struct file *file)
{
	struct cap *c = file->private_data;

	cap_free(c);
	kfree(c);
	return 0;
}

static const struct file_operations cap_fops = {
	.owner = THIS_MODULE,
	.open = cap_open,
	.release = cap_release,
	.unlocked_ioctl = cap_ioctl,
	.mmap = cap_mmap,
};

static struct miscdevice cap_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "chunked",
	.fops = &cap_fops,
};
module_misc_device(cap_misc);
MODULE_LICENSE("GPL");
