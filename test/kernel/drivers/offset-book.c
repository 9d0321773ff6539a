// SPDX-License-Identifier: MIT
/*
 * Buffers with handles: BOOK_CREATE gives a handle and the offset to map, BOOK_INFO tells size and references, BOOK_DROP gives the handle up.
 * A buffer lives until its last mapping is gone. Handles belong to the open file.
 */
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/kref.h>
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

#define BOOK_MAX_PAGES 16
#define BOOK_SHIFT 8

struct book_create {
	__u32 size;
	__u32 handle;
	__u64 offset;
};

struct book_info {
	__u32 handle;
	__u32 references;
	__u64 size;
	__u8 label[8];
};

#define BOOK_CREATE _IOWR('B', 1, struct book_create)
#define BOOK_INFO _IOWR('B', 2, struct book_info)
#define BOOK_DROP _IOW('B', 3, __u32)
#define BOOK_LIVE _IO('B', 4)

struct book_buffer {
	struct kref kref;
	size_t size;
	void *data;
	char label[8];
};

struct book {
	struct mutex lock;
	struct idr handles;
};

static atomic_t book_live = ATOMIC_INIT(0);

static void book_release_buffer(struct kref *kref)
{
	struct book_buffer *buffer = container_of(kref, struct book_buffer, kref);

	vfree(buffer->data);
	kfree(buffer);
	atomic_dec(&book_live);
}

static struct book_buffer *book_find(struct book *book, u32 handle)
{
	struct book_buffer *buffer;

	mutex_lock(&book->lock);
	buffer = idr_find(&book->handles, handle);
	if (buffer)
		kref_get(&buffer->kref);
	mutex_unlock(&book->lock);
	return buffer;
}

static int book_open(struct inode *inode, struct file *file)
{
	struct book *book = kzalloc(sizeof(*book), GFP_KERNEL);

	if (!book)
		return -ENOMEM;
	mutex_init(&book->lock);
	idr_init_base(&book->handles, 1);
	file->private_data = book;
	return 0;
}

static int book_put_one(int handle, void *entry, void *data)
{
	struct book_buffer *buffer = entry;

	kref_put(&buffer->kref, book_release_buffer);
	return 0;
}

static int book_release(struct inode *inode, struct file *file)
{
	struct book *book = file->private_data;

	idr_for_each(&book->handles, book_put_one, NULL);
	idr_destroy(&book->handles);
	mutex_destroy(&book->lock);
	kfree(book);
	return 0;
}

static int book_create(struct book *book, struct book_create __user *argument)
{
	struct book_create request;
	struct book_buffer *buffer;
	int handle;

	if (copy_from_user(&request, argument, sizeof(request)))
		return -EFAULT;
	if (!request.size || request.size > BOOK_MAX_PAGES * PAGE_SIZE)
		return -EINVAL;
	buffer = kzalloc(sizeof(*buffer), GFP_KERNEL);
	if (!buffer)
		return -ENOMEM;
	kref_init(&buffer->kref);
	buffer->size = PAGE_ALIGN(request.size);
	buffer->data = vmalloc_user(buffer->size);
	if (!buffer->data) {
		kfree(buffer);
		return -ENOMEM;
	}
	mutex_lock(&book->lock);
	handle = idr_alloc(&book->handles, buffer, 1, 5, GFP_KERNEL);
	mutex_unlock(&book->lock);
	if (handle < 0) {
		vfree(buffer->data);
		kfree(buffer);
		return handle;
	}
	atomic_inc(&book_live);
	snprintf(buffer->label, sizeof(buffer->label), "buf%03d", handle);
	strscpy(buffer->data, buffer->label, buffer->size);
	request.handle = handle;
	request.offset = (u64)handle << (BOOK_SHIFT + PAGE_SHIFT);
	if (copy_to_user(argument, &request, sizeof(request)))
		return -EFAULT;
	return 0;
}

static int book_info(struct book *book, struct book_info __user *argument)
{
	struct book_info info = {};
	struct book_buffer *buffer;

	if (get_user(info.handle, &argument->handle))
		return -EFAULT;
	buffer = book_find(book, info.handle);
	if (!buffer)
		return -ENOENT;
	info.references = kref_read(&buffer->kref) - 1;
	info.size = buffer->size;
	memcpy(info.label, buffer->label, sizeof(info.label));
	kref_put(&buffer->kref, book_release_buffer);
	return copy_to_user(argument, &info, sizeof(info)) ? -EFAULT : 0;
}

static int book_drop(struct book *book, const __u32 __user *argument)
{
	struct book_buffer *buffer;
	u32 handle;

	if (get_user(handle, argument))
		return -EFAULT;
	mutex_lock(&book->lock);
	buffer = idr_remove(&book->handles, handle);
	mutex_unlock(&book->lock);
	if (!buffer)
		return -ENOENT;
	return kref_put(&buffer->kref, book_release_buffer);
}

static long book_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct book *book = file->private_data;
	void __user *pointer = (void __user *)argument;

	switch (command) {
	case BOOK_CREATE:
		return book_create(book, pointer);
	case BOOK_INFO:
		return book_info(book, pointer);
	case BOOK_DROP:
		return book_drop(book, pointer);
	case BOOK_LIVE:
		return atomic_read(&book_live);
	default:
		return -ENOIOCTLCMD;
	}
}

static void book_vma_open(struct vm_area_struct *vma)
{
	struct book_buffer *buffer = vma->vm_private_data;

	count_open++;
	kref_get(&buffer->kref);
}

static void book_vma_close(struct vm_area_struct *vma)
{
	struct book_buffer *buffer = vma->vm_private_data;

	count_close++;
	kref_put(&buffer->kref, book_release_buffer);
}

static const struct vm_operations_struct book_vm_ops = {
	.open = book_vma_open,
	.close = book_vma_close,
};

static int book_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct book *book = file->private_data;
	struct book_buffer *buffer;
	unsigned long inside;
	int err;

	count_mmap++;
	buffer = book_find(book, vma->vm_pgoff >> BOOK_SHIFT);
	if (!buffer)
		return -ENXIO;
	inside = vma->vm_pgoff & ((1UL << BOOK_SHIFT) - 1);
	err = remap_vmalloc_range(vma, buffer->data, inside);
	if (err) {
		kref_put(&buffer->kref, book_release_buffer);
		return err;
	}
	vma->vm_private_data = buffer;
	vma->vm_ops = &book_vm_ops;
	return 0;
}

static const struct file_operations book_fops = {
	.owner = THIS_MODULE,
	.open = book_open,
	.release = book_release,
	.unlocked_ioctl = book_ioctl,
	.mmap = book_mmap,
};

static struct miscdevice book_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "offset-book",
	.fops = &book_fops,
};
module_misc_device(book_device);

MODULE_DESCRIPTION("Buffers with handles and offsets");
MODULE_LICENSE("GPL");
