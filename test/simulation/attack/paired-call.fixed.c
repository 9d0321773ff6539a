// SPDX-License-Identifier: MIT
/* Each mapping of a trace buffer holds it, and lets it go when it ends, also one that a fork makes. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "recorder.h"

struct recorder_reader {
	struct recorder_buffer *buffer;
};

static void reader_vma_open(struct vm_area_struct *vma)
{
	struct recorder_reader *reader = vma->vm_private_data;

	recorder_map(reader->buffer, vma);
}

static void reader_vma_close(struct vm_area_struct *vma)
{
	struct recorder_reader *reader = vma->vm_private_data;

	recorder_unmap(reader->buffer);
}

static const struct vm_operations_struct reader_vm_ops = {
	.open = reader_vma_open,
	.close = reader_vma_close,
};

static int reader_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct recorder_reader *reader = file->private_data;
	int ret;

	ret = recorder_map(reader->buffer, vma);
	if (ret)
		return ret;
	vma->vm_private_data = reader;
	vma->vm_ops = &reader_vm_ops;
	return 0;
}

static int reader_open(struct inode *inode, struct file *file)
{
	struct recorder_reader *reader = kzalloc(sizeof(*reader), GFP_KERNEL);

	if (!reader)
		return -ENOMEM;
	reader->buffer = recorder_buffer();
	file->private_data = reader;
	return 0;
}

static int reader_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static const struct file_operations reader_fops = {
	.owner = THIS_MODULE,
	.open = reader_open,
	.release = reader_release,
	.mmap = reader_mmap,
};

static struct miscdevice reader_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "reader",
	.fops = &reader_fops,
};

module_misc_device(reader_misc);
MODULE_LICENSE("GPL");
