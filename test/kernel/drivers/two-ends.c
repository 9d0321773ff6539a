// SPDX-License-Identifier: MIT
/* A pipe of fixed records: a producer end and a consumer end chosen by the open mode, control words in a page that both map, payload in vmalloc memory. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

#define RECORD_SIZE 64
#define RECORDS 128

struct control {
	u32 produced;
	u32 consumed;
	u32 errors;
	u32 pad;
	u64 stamps[4];
};

struct record {
	u32 seq;
	u16 len;
	u16 kind;
	u8 data[RECORD_SIZE - 8];
};

struct pipe {
	struct mutex lock;
	struct control *ctl;
	struct record *records;
	unsigned int producers, consumers;
	wait_queue_head_t wq;
};

static struct pipe *the_pipe;

static int pipe_open(struct inode *inode, struct file *file)
{
	struct pipe *p = the_pipe;
	int ret = 0;

	mutex_lock(&p->lock);
	switch (file->f_flags & O_ACCMODE) {
	case O_WRONLY:
		ret = -EINVAL;
		break;
	case O_RDWR:
		if (p->producers)
			ret = -EBUSY;
		else
			p->producers++;
		break;
	default:
		p->consumers++;
	}
	mutex_unlock(&p->lock);
	if (ret)
		return ret;
	file->private_data = p;
	return stream_open(inode, file);
}

static int pipe_release(struct inode *inode, struct file *file)
{
	struct pipe *p = file->private_data;

	mutex_lock(&p->lock);
	if (file->f_mode & FMODE_WRITE)
		p->producers--;
	else
		p->consumers--;
	mutex_unlock(&p->lock);
	return 0;
}

static ssize_t pipe_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	struct pipe *p = file->private_data;
	struct record *r;
	ssize_t ret = len;

	if (len > sizeof(r->data))
		return -EMSGSIZE;
	mutex_lock(&p->lock);
	if (p->ctl->produced - p->ctl->consumed >= RECORDS) {
		p->ctl->errors++;
		ret = -EAGAIN;
		goto out;
	}
	r = &p->records[p->ctl->produced % RECORDS];
	if (copy_from_user(r->data, buf, len)) {
		ret = -EFAULT;
		goto out;
	}
	r->len = len;
	r->kind = 1;
	r->seq = ++p->ctl->produced;
	p->ctl->stamps[r->seq & 3] = r->seq * 1000ULL;
	wake_up_interruptible(&p->wq);
out:
	mutex_unlock(&p->lock);
	return ret;
}

static ssize_t pipe_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	struct pipe *p = file->private_data;
	struct record *r;
	ssize_t ret;

	if (mutex_lock_interruptible(&p->lock))
		return -ERESTARTSYS;
	if (p->ctl->produced == p->ctl->consumed) {
		ret = p->producers ? -EAGAIN : 0;
		goto out;
	}
	r = &p->records[p->ctl->consumed % RECORDS];
	ret = min_t(size_t, len, r->len);
	if (copy_to_user(buf, r->data, ret)) {
		ret = -EFAULT;
		goto out;
	}
	p->ctl->consumed++;
out:
	mutex_unlock(&p->lock);
	return ret;
}

static __poll_t pipe_poll(struct file *file, struct poll_table_struct *pt)
{
	struct pipe *p = file->private_data;
	u32 waiting;

	poll_wait(file, &p->wq, pt);
	waiting = p->ctl->produced - p->ctl->consumed;
	if (file->f_mode & FMODE_WRITE)
		return waiting < RECORDS ? EPOLLOUT | EPOLLWRNORM : 0;
	if (!waiting)
		return p->producers ? 0 : EPOLLHUP;
	return EPOLLIN | EPOLLRDNORM;
}

static vm_fault_t pipe_fault(struct vm_fault *vmf)
{
	struct pipe *p = vmf->vma->vm_private_data;
	struct page *page;

	count_fault++;
	if (vmf->pgoff == 0)
		page = virt_to_page(p->ctl);
	else if (vmf->pgoff <= RECORDS * RECORD_SIZE / PAGE_SIZE)
		page = vmalloc_to_page((void *)p->records + ((vmf->pgoff - 1) << PAGE_SHIFT));
	else
		return VM_FAULT_SIGBUS;
	get_page(page);
	vmf->page = page;
	return 0;
}

static const struct vm_operations_struct pipe_vm_ops = {
	.fault = pipe_fault,
};

static int pipe_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct pipe *p = file->private_data;

	count_mmap++;
	if (!(file->f_mode & FMODE_WRITE) && (vma->vm_flags & VM_WRITE))
		return -EPERM;
	vma->vm_private_data = p;
	vma->vm_ops = &pipe_vm_ops;
	vm_flags_set(vma, VM_DONTDUMP);
	return 0;
}

static const struct file_operations pipe_fops = {
	.owner = THIS_MODULE,
	.open = pipe_open,
	.release = pipe_release,
	.read = pipe_read,
	.write = pipe_write,
	.poll = pipe_poll,
	.mmap = pipe_mmap,
};

static struct miscdevice pipe_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "two-ends",
	.fops = &pipe_fops,
};

static int __init pipe_init(void)
{
	struct pipe *p;
	int ret;

	BUILD_BUG_ON(sizeof(struct record) != RECORD_SIZE);
	p = kzalloc(sizeof(*p), GFP_KERNEL);
	if (!p)
		return -ENOMEM;
	mutex_init(&p->lock);
	init_waitqueue_head(&p->wq);
	p->ctl = (struct control *)get_zeroed_page(GFP_KERNEL);
	p->records = vcalloc(RECORDS, sizeof(struct record));
	ret = -ENOMEM;
	if (!p->ctl || !p->records)
		goto err;
	the_pipe = p;
	ret = misc_register(&pipe_misc);
	if (!ret)
		return 0;
err:
	vfree(p->records);
	free_page((unsigned long)p->ctl);
	kfree(p);
	return ret;
}

static void __exit pipe_exit(void)
{
	misc_deregister(&pipe_misc);
	vfree(the_pipe->records);
	free_page((unsigned long)the_pipe->ctl);
	kfree(the_pipe);
}
module_init(pipe_init);
module_exit(pipe_exit);
MODULE_LICENSE("GPL");
