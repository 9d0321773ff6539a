// SPDX-License-Identifier: MIT
/*
 * A log in records of any size: each write() appends a record to a kfifo of records and wakes readers; read() takes one record. Each reader has a position
 * of its own in a ring of pages that it maps, kept in a hash by its file. ioctl 0x101 tells how many readers there are, 0x102 the space left.
 */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/hashtable.h>
#include <linux/kfifo.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <linux/version.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

#define LOG_PAGES 2

struct log_reader {
	struct hlist_node node;
	struct file *file;
	u64 seen;
	bool overrun;
};

struct log_shared {
	u64 written;
	u64 records;
	u32 readers;
	u32 last_length;
	u8 data[];
};

#define LOG_DATA (LOG_PAGES * PAGE_SIZE - sizeof(struct log_shared))

static struct kfifo_rec_ptr_1 log_fifo;
static struct log_shared *log_shared;
static struct page *log_pages;
static DEFINE_HASHTABLE(log_readers, 4);
static DEFINE_MUTEX(log_lock);
static DECLARE_WAIT_QUEUE_HEAD(log_wait);
static dev_t log_number;
static struct cdev log_cdev;
static struct class *log_class;

static struct log_reader *log_find(struct file *file)
{
	struct log_reader *reader;

	hash_for_each_possible(log_readers, reader, node, (unsigned long)file) {
		if (reader->file == file)
			return reader;
	}
	return NULL;
}

static int log_open(struct inode *inode, struct file *file)
{
	struct log_reader *reader;

	if ((file->f_mode & FMODE_READ) == 0)
		return 0;
	reader = kzalloc(sizeof(*reader), GFP_KERNEL);
	if (!reader)
		return -ENOMEM;
	reader->file = file;
	mutex_lock(&log_lock);
	reader->seen = log_shared->written;
	hash_add(log_readers, &reader->node, (unsigned long)file);
	log_shared->readers++;
	mutex_unlock(&log_lock);
	return stream_open(inode, file);
}

static int log_release(struct inode *inode, struct file *file)
{
	struct log_reader *reader;

	mutex_lock(&log_lock);
	reader = log_find(file);
	if (reader) {
		hash_del(&reader->node);
		log_shared->readers--;
	}
	mutex_unlock(&log_lock);
	kfree(reader);
	return 0;
}

static ssize_t log_write(struct file *file, const char __user *from, size_t length, loff_t *position)
{
	unsigned int copied, i;
	u8 record[100];
	int err;

	if (length > sizeof(record))
		return -EFBIG;
	if (mutex_lock_interruptible(&log_lock))
		return -ERESTARTSYS;
	err = kfifo_from_user(&log_fifo, from, length, &copied);
	if (!err && !copied)
		err = -ENOBUFS;
	if (!err) {
		copied = kfifo_out_peek(&log_fifo, record, sizeof(record));
		for (i = 0; i < copied; i++)
			log_shared->data[log_shared->written++ % LOG_DATA] = record[i];
		log_shared->records++;
		log_shared->last_length = length;
	}
	mutex_unlock(&log_lock);
	if (err)
		return err;
	wake_up_interruptible_poll(&log_wait, EPOLLIN);
	return length;
}

static ssize_t log_read(struct file *file, char __user *to, size_t length, loff_t *position)
{
	struct log_reader *reader;
	unsigned int copied;
	int err;

	if (kfifo_is_empty(&log_fifo)) {
		if (file->f_flags & O_NONBLOCK)
			return -EWOULDBLOCK;
		err = wait_event_interruptible_timeout(log_wait, !kfifo_is_empty(&log_fifo), msecs_to_jiffies(20));
		if (err <= 0)
			return err ?: -ETIMEDOUT;
	}
	mutex_lock(&log_lock);
	if (length < kfifo_peek_len(&log_fifo)) {
		mutex_unlock(&log_lock);
		return -EMSGSIZE;
	}
	err = kfifo_to_user(&log_fifo, to, length, &copied);
	reader = log_find(file);
	if (reader && !err)
		reader->seen += copied;
	mutex_unlock(&log_lock);
	return err ?: copied;
}

static __poll_t log_poll(struct file *file, poll_table *table)
{
	poll_wait(file, &log_wait, table);
	return (kfifo_is_empty(&log_fifo) ? 0 : EPOLLIN | EPOLLRDNORM) | (kfifo_is_full(&log_fifo) ? 0 : EPOLLOUT);
}

static long log_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct log_reader *reader;
	int bucket, count = 0;

	switch (command) {
	case 0x101:
		hash_for_each(log_readers, bucket, reader, node)
			count += !reader->overrun;
		return count;
	case 0x102:
		return kfifo_avail(&log_fifo);
	case 0x103:
		kfifo_skip(&log_fifo);
		return kfifo_len(&log_fifo);
	case 0x104:
		reader = log_find(file);
		return reader ? reader->seen : -ENOENT;
	case 0x105:
		kfifo_reset(&log_fifo);
		return kfifo_size(&log_fifo);
	}
	return -ENOTTY;
}

static int log_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;

	count_mmap++;
	if (vma->vm_flags & VM_WRITE)
		return -EPERM;
	if (vma->vm_pgoff + (size >> PAGE_SHIFT) > LOG_PAGES)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, page_to_pfn(log_pages) + vma->vm_pgoff, size, vma->vm_page_prot);
}

static const struct file_operations log_fops = {
	.owner = THIS_MODULE,
	.open = log_open,
	.release = log_release,
	.read = log_read,
	.write = log_write,
	.poll = log_poll,
	.unlocked_ioctl = log_ioctl,
	.mmap = log_mmap,
};

static int __init log_init(void)
{
	struct device *device;
	int err;

	err = kfifo_alloc(&log_fifo, 128, GFP_KERNEL);
	if (err)
		return err;
	err = -ENOMEM;
	log_pages = alloc_pages(GFP_KERNEL | __GFP_ZERO | __GFP_COMP, order_base_2(LOG_PAGES));
	if (!log_pages)
		goto fifo;
	log_shared = page_address(log_pages);
	err = alloc_chrdev_region(&log_number, 0, 1, "event-log");
	if (err)
		goto pages;
	cdev_init(&log_cdev, &log_fops);
	log_cdev.owner = THIS_MODULE;
	err = cdev_add(&log_cdev, log_number, 1);
	if (err)
		goto region;
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
	log_class = class_create(THIS_MODULE, "event-log");
#else
	log_class = class_create("event-log");
#endif
	if (IS_ERR(log_class)) {
		err = PTR_ERR(log_class);
		goto cdev;
	}
	device = device_create(log_class, NULL, log_number, NULL, "event-log");
	if (!IS_ERR(device))
		return 0;
	err = PTR_ERR(device);
	class_destroy(log_class);
cdev:
	cdev_del(&log_cdev);
region:
	unregister_chrdev_region(log_number, 1);
pages:
	__free_pages(log_pages, order_base_2(LOG_PAGES));
fifo:
	kfifo_free(&log_fifo);
	return err;
}
module_init(log_init);

static void __exit log_exit(void)
{
	device_destroy(log_class, log_number);
	class_destroy(log_class);
	cdev_del(&log_cdev);
	unregister_chrdev_region(log_number, 1);
	__free_pages(log_pages, order_base_2(LOG_PAGES));
	kfifo_free(&log_fifo);
}
module_exit(log_exit);

MODULE_DESCRIPTION("A log in records");
MODULE_LICENSE("GPL");
