// SPDX-License-Identifier: MIT
/*
 * A sampler: write() queues values, a work item moves them from the queue into a ring of pages that programs map. read() takes what the ring
 * holds, poll() tells when there is some. ioctl 0x101 waits for the work, 0x102 cancels it and tells whether it was pending.
 */
#include <linux/fs.h>
#include <linux/kfifo.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

#define SAMPLER_RING (2 * PAGE_SIZE)
#define SAMPLER_SLOTS 16

struct sampler_header {
	u32 head;
	u32 tail;
	u32 lost;
	u32 runs;
	u64 sum;
	u32 slot[SAMPLER_SLOTS];
};

struct sampler {
	spinlock_t lock;
	wait_queue_head_t wait;
	struct work_struct work;
	DECLARE_KFIFO(queue, u32, 32);
	struct sampler_header *ring;
};

static struct sampler *sampler;

static void sampler_move(struct work_struct *work)
{
	struct sampler *device = container_of(work, struct sampler, work);
	struct sampler_header *ring = device->ring;
	unsigned long flags;
	u32 value;

	spin_lock_irqsave(&device->lock, flags);
	while (kfifo_get(&device->queue, &value)) {
		if (ring->head - ring->tail >= SAMPLER_SLOTS) {
			ring->lost++;
			continue;
		}
		ring->slot[ring->head++ % SAMPLER_SLOTS] = value;
		ring->sum += value;
	}
	ring->runs++;
	spin_unlock_irqrestore(&device->lock, flags);
	wake_up_interruptible(&device->wait);
}

static int sampler_open(struct inode *inode, struct file *file)
{
	file->private_data = sampler;
	return nonseekable_open(inode, file);
}

static ssize_t sampler_write(struct file *file, const char __user *from, size_t length, loff_t *position)
{
	struct sampler *device = file->private_data;
	unsigned int copied;
	int err;

	if (length % sizeof(u32))
		return -EINVAL;
	err = kfifo_from_user(&device->queue, from, length, &copied);
	if (err)
		return err;
	if (!copied)
		return -EAGAIN;
	schedule_work(&device->work);
	return copied;
}

static ssize_t sampler_read(struct file *file, char __user *to, size_t length, loff_t *position)
{
	struct sampler *device = file->private_data;
	struct sampler_header *ring = device->ring;
	size_t done = 0;
	int err;

	if (file->f_flags & O_NONBLOCK) {
		if (READ_ONCE(ring->head) == READ_ONCE(ring->tail))
			return -EAGAIN;
	} else {
		err = wait_event_interruptible(device->wait, READ_ONCE(ring->head) != READ_ONCE(ring->tail));
		if (err)
			return err;
	}
	while (done + sizeof(u32) <= length) {
		u32 value;

		spin_lock_irq(&device->lock);
		if (ring->head == ring->tail) {
			spin_unlock_irq(&device->lock);
			break;
		}
		value = ring->slot[ring->tail++ % SAMPLER_SLOTS];
		spin_unlock_irq(&device->lock);
		if (put_user(value, (u32 __user *)(to + done)))
			return -EFAULT;
		done += sizeof(u32);
	}
	return done;
}

static __poll_t sampler_poll(struct file *file, poll_table *table)
{
	struct sampler *device = file->private_data;
	__poll_t mask = 0;

	poll_wait(file, &device->wait, table);
	if (device->ring->head != device->ring->tail)
		mask |= EPOLLIN | EPOLLRDNORM;
	if (!kfifo_is_full(&device->queue))
		mask |= EPOLLOUT | EPOLLWRNORM;
	return mask;
}

static long sampler_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct sampler *device = file->private_data;

	switch (command) {
	case 0x101:
		return flush_work(&device->work);
	case 0x102:
		return cancel_work_sync(&device->work);
	case 0x103:
		return kfifo_len(&device->queue);
	case 0x104:
		return work_pending(&device->work);
	}
	return -ENOIOCTLCMD;
}

static int sampler_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct sampler *device = file->private_data;

	count_mmap++;
	if (vma->vm_flags & VM_WRITE)
		return -EACCES;
	return remap_vmalloc_range(vma, device->ring, vma->vm_pgoff);
}

static const struct file_operations sampler_fops = {
	.owner = THIS_MODULE,
	.open = sampler_open,
	.read = sampler_read,
	.write = sampler_write,
	.poll = sampler_poll,
	.unlocked_ioctl = sampler_ioctl,
	.mmap = sampler_mmap,
};

static struct miscdevice sampler_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "sampler",
	.fops = &sampler_fops,
};

static int __init sampler_init(void)
{
	int err;

	sampler = kzalloc(sizeof(*sampler), GFP_KERNEL);
	if (!sampler)
		return -ENOMEM;
	spin_lock_init(&sampler->lock);
	init_waitqueue_head(&sampler->wait);
	INIT_WORK(&sampler->work, sampler_move);
	INIT_KFIFO(sampler->queue);
	sampler->ring = vmalloc_user(SAMPLER_RING);
	if (!sampler->ring) {
		kfree(sampler);
		return -ENOMEM;
	}
	err = misc_register(&sampler_device);
	if (err) {
		vfree(sampler->ring);
		kfree(sampler);
	}
	return err;
}
module_init(sampler_init);

static void __exit sampler_exit(void)
{
	misc_deregister(&sampler_device);
	cancel_work_sync(&sampler->work);
	vfree(sampler->ring);
	kfree(sampler);
}
module_exit(sampler_exit);

MODULE_DESCRIPTION("Moves samples into a mapped ring by a work item");
MODULE_LICENSE("GPL");
