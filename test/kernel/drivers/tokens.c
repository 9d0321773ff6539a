// SPDX-License-Identifier: MIT
/*
 * Makes buffers by ioctl: 1 makes one of so many pages and gives its number, 2 drops the one with this number. mmap takes
 * the number, times 256 pages, for the offset; a mapping keeps its buffer.
 */
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

static unsigned int count_mmap, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

struct buffer {
	struct list_head link;
	struct kref users;
	unsigned long number;
	unsigned long size;
	void *memory;
};

static LIST_HEAD(tokens_list);
static DEFINE_MUTEX(tokens_lock);
static unsigned long tokens_last;

static struct buffer *buffer_find(unsigned long number)
{
	struct buffer *buffer;

	list_for_each_entry(buffer, &tokens_list, link) {
		if (buffer->number == number)
			return buffer;
	}
	return NULL;
}

static void buffer_free(struct kref *users)
{
	struct buffer *buffer = container_of(users, struct buffer, users);

	vfree(buffer->memory);
	kfree(buffer);
}

static void tokens_vma_open(struct vm_area_struct *vma)
{
	struct buffer *buffer = vma->vm_private_data;

	count_open++;
	kref_get(&buffer->users);
}

static void tokens_vma_close(struct vm_area_struct *vma)
{
	struct buffer *buffer = vma->vm_private_data;

	count_close++;
	kref_put(&buffer->users, buffer_free);
}

static const struct vm_operations_struct tokens_vm_ops = {
	.open = tokens_vma_open,
	.close = tokens_vma_close,
};

static int tokens_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;
	struct buffer *buffer;
	int err = -ENOENT;

	count_mmap++;
	mutex_lock(&tokens_lock);
	buffer = buffer_find(vma->vm_pgoff / 256);
	if (!buffer)
		goto out;
	err = -EINVAL;
	if (vma->vm_pgoff % 256 || size > buffer->size)
		goto out;
	err = remap_vmalloc_range(vma, buffer->memory, 0);
	if (err)
		goto out;
	kref_get(&buffer->users);
	vma->vm_private_data = buffer;
	vma->vm_ops = &tokens_vm_ops;
out:
	mutex_unlock(&tokens_lock);
	return err;
}

static long buffer_create(unsigned long pages)
{
	struct buffer *buffer;

	if (pages == 0 || pages > 16)
		return -EINVAL;
	buffer = kzalloc(sizeof(*buffer), GFP_KERNEL);
	if (!buffer)
		return -ENOMEM;
	buffer->size = pages << PAGE_SHIFT;
	buffer->memory = vmalloc_user(buffer->size);
	if (!buffer->memory) {
		kfree(buffer);
		return -ENOMEM;
	}
	kref_init(&buffer->users);
	mutex_lock(&tokens_lock);
	buffer->number = ++tokens_last;
	*(u32 *)buffer->memory = buffer->number;
	list_add_tail(&buffer->link, &tokens_list);
	mutex_unlock(&tokens_lock);
	return buffer->number;
}

static long buffer_drop(unsigned long number)
{
	struct buffer *buffer;

	mutex_lock(&tokens_lock);
	buffer = buffer_find(number);
	if (buffer)
		list_del(&buffer->link);
	mutex_unlock(&tokens_lock);
	if (!buffer)
		return -ENOENT;
	kref_put(&buffer->users, buffer_free);
	return 0;
}

static long tokens_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	switch (command) {
	case 1:
		return buffer_create(argument);
	case 2:
		return buffer_drop(argument);
	}
	return -ENOTTY;
}

static const struct file_operations tokens_fops = {
	.owner = THIS_MODULE,
	.mmap = tokens_mmap,
	.unlocked_ioctl = tokens_ioctl,
};

static struct miscdevice tokens_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "tokens",
	.fops = &tokens_fops,
};

static int __init tokens_init(void)
{
	return misc_register(&tokens_device);
}
module_init(tokens_init);

static void __exit tokens_exit(void)
{
	misc_deregister(&tokens_device);
	while (tokens_last) {
		buffer_drop(tokens_last);
		tokens_last--;
	}
}
module_exit(tokens_exit);

MODULE_DESCRIPTION("Makes buffers by ioctl");
MODULE_LICENSE("GPL");
