// SPDX-License-Identifier: MIT
/*
 * A ring that is mapped twice, one mapping behind the other, so that a record never wraps for who reads it; the driver writes it through a vmap of the same
 * pages, twice as well. write() appends records with a length and a check, read() takes them, ioctl RING_STAT fills a structure, RING_TUNE changes the limits.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <linux/wait.h>

#include "compat.h"

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static unsigned int ring_order = 1;
module_param(ring_order, uint, 0444);

struct record {
	__u16 length;
	__u16 check;
	__u8 data[];
} __packed;

struct ring_stat {
	__u64 head;
	__u64 tail;
	__u32 size;
	__u32 records;
	__s32 last_error;
	__u8 full;
	__u8 name[11];
};

struct ring_tune {
	__u32 mask;
#define TUNE_LIMIT 1u
#define TUNE_NAME 2u
	__u32 limit;
	char name[12];
};

#define RING_STAT _IOR('r', 0x40, struct ring_stat)
#define RING_TUNE _IOW('r', 0x41, struct ring_tune)

static struct ring {
	struct mutex lock;
	wait_queue_head_t wait;
	unsigned int pages;
	struct page **page;
	void *view;
	u64 head, tail;
	u32 limit;
	u32 records;
	int last_error;
	char name[12];
} *ring;

#define ring_size(r) ((r)->pages * PAGE_SIZE)
#define ring_at(r, position) ((r)->view + ((position) & (ring_size(r) - 1)))

static u16 ring_check(const u8 *data, unsigned int length)
{
	u32 sum = 0;
	unsigned int i;

	for (i = 0; i + 1 < length; i += 2)
		sum += data[i] << 8 | data[i + 1];
	if (length & 1)
		sum += data[length - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static ssize_t ring_write(struct file *file, const char __user *from, size_t length, loff_t *position)
{
	size_t whole = ALIGN(sizeof(struct record) + length, 8);
	struct record *record;
	ssize_t result = length;

	if (length == 0 || length > ring->limit)
		return ring->last_error = -EMSGSIZE;
	mutex_lock(&ring->lock);
	if (ring->head + whole - ring->tail > ring_size(ring)) {
		result = ring->last_error = -ENOSPC;
		goto unlock;
	}
	record = ring_at(ring, ring->head);
	if (copy_from_user(record->data, from, length)) {
		result = ring->last_error = -EFAULT;
		goto unlock;
	}
	record->length = length;
	record->check = ring_check(record->data, length);
	ring->head += whole;
	ring->records++;
	wake_up_interruptible(&ring->wait);
unlock:
	mutex_unlock(&ring->lock);
	return result;
}

static ssize_t ring_read(struct file *file, char __user *to, size_t length, loff_t *position)
{
	struct record *record;
	ssize_t result;

	if (ring->head == ring->tail) {
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		return 0;
	}
	mutex_lock(&ring->lock);
	record = ring_at(ring, ring->tail);
	if (record->check != ring_check(record->data, record->length)) {
		result = -EBADMSG;
	} else {
		result = min_t(size_t, length, record->length);
		if (copy_to_user(to, record->data, result))
			result = -EFAULT;
	}
	ring->tail += ALIGN(sizeof(*record) + record->length, 8);
	ring->records--;
	mutex_unlock(&ring->lock);
	return result;
}

static __poll_t ring_poll(struct file *file, poll_table *table)
{
	__poll_t events = 0;

	poll_wait(file, &ring->wait, table);
	if (ring->records)
		events |= EPOLLIN | EPOLLRDNORM;
	if (ring->head - ring->tail + ring->limit <= ring_size(ring))
		events |= EPOLLOUT | EPOLLWRNORM;
	return events;
}

static long ring_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct ring_stat stat;
	struct ring_tune tune;

	switch (command) {
	case RING_STAT:
		memset(&stat, 0, sizeof(stat));
		stat.head = ring->head;
		stat.tail = ring->tail;
		stat.size = ring_size(ring);
		stat.records = ring->records;
		stat.last_error = ring->last_error;
		stat.full = ring->head - ring->tail == ring_size(ring);
		strscpy(stat.name, ring->name, sizeof(stat.name));
		if (copy_to_user((void __user *)argument, &stat, sizeof(stat)))
			return -EFAULT;
		return 0;
	case RING_TUNE:
		if (copy_from_user(&tune, (void __user *)argument, sizeof(tune)))
			return -EFAULT;
		if (tune.mask & ~(TUNE_LIMIT | TUNE_NAME))
			return -EOPNOTSUPP;
		if (tune.mask & TUNE_LIMIT) {
			if (tune.limit < 8 || tune.limit > ring_size(ring) / 2)
				return -ERANGE;
			ring->limit = tune.limit;
		}
		if (tune.mask & TUNE_NAME) {
			if (strnlen(tune.name, sizeof(tune.name)) == sizeof(tune.name))
				return -ENAMETOOLONG;
			strcpy(ring->name, tune.name);
		}
		return 0;
	case 0x101:
		return ring->last_error ? -ring->last_error : 0;
	case 0x102:
		return *(u16 *)(ring->view + argument);
	}
	return -ENOTTY;
}

static int ring_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long address = vma->vm_start;
	unsigned int i;
	int err;

	count_mmap++;
	if (vma_pages(vma) != 2 * ring->pages)
		return -EINVAL;
	if (vma->vm_flags & VM_EXEC)
		return -EPERM;
	for (i = 0; i < 2 * ring->pages; i++, address += PAGE_SIZE) {
		err = vm_insert_page(vma, address, ring->page[i % ring->pages]);
		if (err)
			return err;
	}
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);
	return 0;
}

static const struct file_operations ring_fops = {
	.owner = THIS_MODULE,
	.read = ring_read,
	.write = ring_write,
	.poll = ring_poll,
	.llseek = noop_llseek,
	.unlocked_ioctl = ring_ioctl,
	.mmap = ring_mmap,
};

static struct miscdevice ring_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "mirror-pair",
	.fops = &ring_fops,
};

static void ring_destroy(struct ring *r)
{
	unsigned int i;

	if (!r)
		return;
	if (r->view)
		vunmap(r->view);
	for (i = 0; r->page && i < r->pages; i++)
		if (r->page[i])
			__free_page(r->page[i]);
	kfree(r->page);
	kfree(r);
}

static struct ring *ring_create(unsigned int pages)
{
	struct ring *r = kzalloc(sizeof(*r), GFP_KERNEL);
	struct page **twice;
	unsigned int i;

	if (!r)
		return NULL;
	mutex_init(&r->lock);
	init_waitqueue_head(&r->wait);
	r->pages = pages;
	r->page = kcalloc(pages, sizeof(*r->page), GFP_KERNEL);
	twice = kmalloc_array(2 * pages, sizeof(*twice), GFP_KERNEL);
	if (!r->page || !twice)
		goto fail;
	for (i = 0; i < pages; i++) {
		r->page[i] = alloc_page(GFP_KERNEL | __GFP_ZERO | __GFP_HIGHMEM);
		if (!r->page[i])
			goto fail;
		twice[i] = twice[i + pages] = r->page[i];
	}
	r->view = vmap(twice, 2 * pages, VM_MAP, PAGE_KERNEL);
	if (!r->view)
		goto fail;
	kfree(twice);
	r->limit = ring_size(r) / 4;
	strcpy(r->name, "ring");
	return r;
fail:
	kfree(twice);
	ring_destroy(r);
	return NULL;
}

static int __init ring_init(void)
{
	int err;

	if (ring_order > 4)
		return -EINVAL;
	ring = ring_create(1u << ring_order);
	if (!ring)
		return -ENOMEM;
	err = misc_register(&ring_device);
	if (err)
		ring_destroy(ring);
	return err;
}
module_init(ring_init);

static void __exit ring_exit(void)
{
	misc_deregister(&ring_device);
	ring_destroy(ring);
}
module_exit(ring_exit);

MODULE_DESCRIPTION("A ring that is mapped twice");
MODULE_LICENSE("GPL");
