// SPDX-License-Identifier: MIT
/* A ring with a header page and data pages in one block, mapped as a whole; write() puts bytes in, read() and the program take them out, poll tells. */
#include <linux/cdev.h>
#include <linux/circ_buf.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/version.h>
#include <linux/wait.h>

#include "compat.h"

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

#define RING_BYTES (2 * PAGE_SIZE)

struct ring_header {
	u32 head;
	u32 tail;
	u32 size;
	u32 lost;
};

struct ring_dev {
	struct cdev cdev;
	struct device *dev;
	struct ring_header *hdr;
	char *data;
	wait_queue_head_t readers;
	struct mutex lock;
	unsigned int opens;
};

static dev_t ring_devt;
static struct class *ring_class;
static struct ring_dev *ring;

static int ring_open(struct inode *inode, struct file *filp)
{
	struct ring_dev *rd = container_of(inode->i_cdev, struct ring_dev, cdev);

	if (rd->opens >= 3)
		return -EBUSY;
	rd->opens++;
	filp->private_data = rd;
	return 0;
}

static int ring_release(struct inode *inode, struct file *filp)
{
	struct ring_dev *rd = filp->private_data;

	rd->opens--;
	return 0;
}

static ssize_t ring_write(struct file *filp, const char __user *ubuf, size_t len, loff_t *off)
{
	struct ring_dev *rd = filp->private_data;
	u32 space, chunk, head, tail;
	size_t done = 0;

	mutex_lock(&rd->lock);
	while (done < len) {
		head = rd->hdr->head & (RING_BYTES - 1);
		tail = READ_ONCE(rd->hdr->tail) & (RING_BYTES - 1);
		space = CIRC_SPACE(head, tail, RING_BYTES);
		if (!space) {
			rd->hdr->lost += len - done;
			break;
		}
		chunk = min_t(u32, CIRC_SPACE_TO_END(head, tail, RING_BYTES), len - done);
		if (copy_from_user(rd->data + head, ubuf + done, chunk)) {
			mutex_unlock(&rd->lock);
			return done ? done : -EFAULT;
		}
		smp_store_release(&rd->hdr->head, (head + chunk) & (RING_BYTES - 1));
		done += chunk;
	}
	mutex_unlock(&rd->lock);
	if (done)
		wake_up_interruptible(&rd->readers);
	return done ? done : -ENOSPC;
}

static ssize_t ring_read(struct file *filp, char __user *ubuf, size_t len, loff_t *off)
{
	struct ring_dev *rd = filp->private_data;
	u32 n, head, tail;
	ssize_t ret;

	if (mutex_lock_interruptible(&rd->lock))
		return -ERESTARTSYS;
	head = smp_load_acquire(&rd->hdr->head);
	tail = rd->hdr->tail;
	while (head == tail) {
		mutex_unlock(&rd->lock);
		if (filp->f_flags & O_NONBLOCK)
			return -EAGAIN;
		if (wait_event_interruptible_timeout(rd->readers, rd->hdr->head != rd->hdr->tail, HZ / 10) == 0)
			return -ETIMEDOUT;
		mutex_lock(&rd->lock);
		head = rd->hdr->head;
		tail = rd->hdr->tail;
	}
	if (head >= RING_BYTES || tail >= RING_BYTES) {
		ret = -EIO;
		goto out;
	}
	n = min_t(size_t, len, CIRC_CNT_TO_END(head, tail, RING_BYTES));
	if (copy_to_user(ubuf, rd->data + tail, n)) {
		ret = -EFAULT;
		goto out;
	}
	rd->hdr->tail = (tail + n) & (RING_BYTES - 1);
	ret = n;
out:
	mutex_unlock(&rd->lock);
	return ret;
}

static __poll_t ring_poll(struct file *filp, poll_table *wait)
{
	struct ring_dev *rd = filp->private_data;
	__poll_t mask = 0;

	poll_wait(filp, &rd->readers, wait);
	if (rd->hdr->head != rd->hdr->tail)
		mask |= EPOLLIN | EPOLLRDNORM;
	if (CIRC_SPACE(rd->hdr->head, rd->hdr->tail, RING_BYTES) > 100)
		mask |= EPOLLOUT | EPOLLWRNORM;
	if (rd->hdr->lost)
		mask |= EPOLLERR;
	return mask;
}

static int ring_mmap(struct file *filp, struct vm_area_struct *vma)
{
	struct ring_dev *rd = filp->private_data;
	unsigned long len = vma->vm_end - vma->vm_start;

	count_mmap++;
	if (vma->vm_pgoff != 0 || len != PAGE_SIZE + RING_BYTES)
		return -EINVAL;
	if (!(vma->vm_flags & VM_SHARED))
		return -EPERM;
	vm_flags_set(vma, VM_DONTCOPY | VM_DONTEXPAND);
	if (vm_insert_page(vma, vma->vm_start, virt_to_page(rd->hdr)))
		return -ENOMEM;
	return remap_pfn_range(vma, vma->vm_start + PAGE_SIZE, page_to_pfn(virt_to_page(rd->data)), RING_BYTES, vma->vm_page_prot);
}

static const struct file_operations ring_fops = {
	.owner = THIS_MODULE,
	.open = ring_open,
	.release = ring_release,
	.read = ring_read,
	.write = ring_write,
	.poll = ring_poll,
	.mmap = ring_mmap,
};

static int __init ring_init(void)
{
	int ret;

	ring = kzalloc(sizeof(*ring), GFP_KERNEL);
	if (!ring)
		return -ENOMEM;
	ring->hdr = (void *)get_zeroed_page(GFP_KERNEL);
	ring->data = (char *)__get_free_pages(GFP_KERNEL | __GFP_ZERO, get_order(RING_BYTES));
	if (!ring->hdr || !ring->data) {
		ret = -ENOMEM;
		goto err_mem;
	}
	ring->hdr->size = RING_BYTES;
	mutex_init(&ring->lock);
	init_waitqueue_head(&ring->readers);
	ret = alloc_chrdev_region(&ring_devt, 0, 1, "ring-poll");
	if (ret)
		goto err_mem;
	cdev_init(&ring->cdev, &ring_fops);
	ring->cdev.owner = THIS_MODULE;
	ret = cdev_add(&ring->cdev, ring_devt, 1);
	if (ret)
		goto err_region;
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
	ring_class = class_create(THIS_MODULE, "ring-poll");
#else
	ring_class = class_create("ring-poll");
#endif
	if (IS_ERR(ring_class)) {
		ret = PTR_ERR(ring_class);
		goto err_cdev;
	}
	ring->dev = device_create(ring_class, NULL, ring_devt, ring, "ring-poll");
	if (IS_ERR(ring->dev)) {
		ret = PTR_ERR(ring->dev);
		goto err_class;
	}
	dev_info(ring->dev, "ring of %lu bytes\n", RING_BYTES);
	return 0;
err_class:
	class_destroy(ring_class);
err_cdev:
	cdev_del(&ring->cdev);
err_region:
	unregister_chrdev_region(ring_devt, 1);
err_mem:
	free_pages((unsigned long)ring->data, get_order(RING_BYTES));
	free_page((unsigned long)ring->hdr);
	kfree(ring);
	return ret;
}

static void __exit ring_exit(void)
{
	device_destroy(ring_class, ring_devt);
	class_destroy(ring_class);
	cdev_del(&ring->cdev);
	unregister_chrdev_region(ring_devt, 1);
	free_pages((unsigned long)ring->data, get_order(RING_BYTES));
	free_page((unsigned long)ring->hdr);
	kfree(ring);
}
module_init(ring_init);
module_exit(ring_exit);
MODULE_LICENSE("GPL");
