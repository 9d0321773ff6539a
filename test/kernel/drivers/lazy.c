// SPDX-License-Identifier: MIT
/*
 * Allocates a page when it is first touched and keeps it for the open file; release frees what there is.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

#define PAGE_TOTAL 8

struct buffer {
	struct mutex lock;
	struct page *pages[PAGE_TOTAL];
};

static vm_fault_t lazy_fault(struct vm_fault *vmf)
{
	struct buffer *buffer = vmf->vma->vm_private_data;
	struct page *page;

	count_fault++;
	if (vmf->pgoff >= PAGE_TOTAL)
		return VM_FAULT_SIGBUS;
	mutex_lock(&buffer->lock);
	page = buffer->pages[vmf->pgoff];
	if (!page) {
		page = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!page) {
			mutex_unlock(&buffer->lock);
			return VM_FAULT_OOM;
		}
		buffer->pages[vmf->pgoff] = page;
	}
	get_page(page);
	mutex_unlock(&buffer->lock);
	vmf->page = page;
	return 0;
}

static const struct vm_operations_struct lazy_vm_ops = {
	.fault = lazy_fault,
};

static int lazy_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vm_flags_set(vma, VM_DONTDUMP);
	vma->vm_private_data = file->private_data;
	vma->vm_ops = &lazy_vm_ops;
	return 0;
}

static long lazy_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct buffer *buffer = file->private_data;
	int present = 0, i;

	if (command != 1)
		return -ENOTTY;
	for (i = 0; i < PAGE_TOTAL; i++) {
		if (buffer->pages[i])
			present++;
	}
	return present;
}

static int lazy_open(struct inode *inode, struct file *file)
{
	struct buffer *buffer = kzalloc(sizeof(*buffer), GFP_KERNEL);

	if (!buffer)
		return -ENOMEM;
	mutex_init(&buffer->lock);
	file->private_data = buffer;
	return 0;
}

static int lazy_release(struct inode *inode, struct file *file)
{
	struct buffer *buffer = file->private_data;
	int i;

	for (i = 0; i < PAGE_TOTAL; i++) {
		if (buffer->pages[i])
			put_page(buffer->pages[i]);
	}
	kfree(buffer);
	return 0;
}

static const struct file_operations lazy_fops = {
	.owner = THIS_MODULE,
	.open = lazy_open,
	.release = lazy_release,
	.mmap = lazy_mmap,
	.unlocked_ioctl = lazy_ioctl,
};

static struct miscdevice lazy_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "lazy",
	.fops = &lazy_fops,
};
module_misc_device(lazy_device);

MODULE_DESCRIPTION("Allocates a page when it is first touched and keeps it for the open file; release frees what there is");
MODULE_LICENSE("GPL");
