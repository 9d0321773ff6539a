// SPDX-License-Identifier: MIT
/*
 * A buffer manager: ioctl 0x101 makes a buffer of as many pages as its argument says and gives its number, 0x102 destroys one, 0x103 takes its entries away. The
 * offset is the number times 16 pages. Buffers are objects with a reference count; each vma holds one.
 */
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "compat.h"

static unsigned int count_mmap, count_open, count_close, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);
module_param(count_fault, uint, 0444);

#define POOL_STRIDE 16

struct pool_buffer {
	struct list_head entry;
	struct kref kref;
	unsigned int number;
	unsigned int npages;
	struct page *pages[];
};

static LIST_HEAD(pool_buffers);
static DEFINE_MUTEX(pool_lock);
static unsigned int pool_next = 1;

static void pool_release(struct kref *kref)
{
	struct pool_buffer *buffer = container_of(kref, struct pool_buffer, kref);
	unsigned int i;

	for (i = 0; i < buffer->npages; i++)
		__free_page(buffer->pages[i]);
	kfree(buffer);
}

static struct pool_buffer *pool_find(unsigned int number)
{
	struct pool_buffer *buffer;

	list_for_each_entry(buffer, &pool_buffers, entry)
		if (buffer->number == number)
			return buffer;
	return NULL;
}

static int pool_create(unsigned long npages)
{
	struct pool_buffer *buffer;

	if (!npages || npages > POOL_STRIDE)
		return -EINVAL;
	buffer = kzalloc(struct_size(buffer, pages, npages), GFP_KERNEL);
	if (!buffer)
		return -ENOMEM;
	kref_init(&buffer->kref);
	for (; buffer->npages < npages; buffer->npages++) {
		struct page *page = alloc_page(GFP_HIGHUSER | __GFP_ZERO);

		if (!page) {
			kref_put(&buffer->kref, pool_release);
			return -ENOMEM;
		}
		buffer->pages[buffer->npages] = page;
	}
	buffer->number = pool_next++;
	list_add_tail(&buffer->entry, &pool_buffers);
	return buffer->number;
}

static void pool_vm_open(struct vm_area_struct *vma)
{
	struct pool_buffer *buffer = vma->vm_private_data;

	count_open++;
	kref_get(&buffer->kref);
}

static void pool_vm_close(struct vm_area_struct *vma)
{
	struct pool_buffer *buffer = vma->vm_private_data;

	count_close++;
	kref_put(&buffer->kref, pool_release);
}

static vm_fault_t pool_fault(struct vm_fault *vmf)
{
	struct pool_buffer *buffer = vmf->vma->vm_private_data;
	pgoff_t index = vmf->pgoff % POOL_STRIDE;

	count_fault++;
	if (index >= buffer->npages)
		return VM_FAULT_SIGBUS;
	return vmf_error(vm_insert_page(vmf->vma, vmf->address, buffer->pages[index]));
}

static const struct vm_operations_struct pool_vm_ops = {
	.open = pool_vm_open,
	.close = pool_vm_close,
	.fault = pool_fault,
};

static int pool_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct pool_buffer *buffer;

	count_mmap++;
	mutex_lock(&pool_lock);
	buffer = pool_find(vma->vm_pgoff / POOL_STRIDE);
	if (buffer)
		kref_get(&buffer->kref);
	mutex_unlock(&pool_lock);
	if (!buffer)
		return -ENOENT;
	if (vma->vm_pgoff % POOL_STRIDE + vma_pages(vma) > buffer->npages) {
		kref_put(&buffer->kref, pool_release);
		return -E2BIG;
	}
	vm_flags_set(vma, VM_MIXEDMAP | VM_DONTCOPY);
	vma->vm_private_data = buffer;
	vma->vm_ops = &pool_vm_ops;
	return 0;
}

static long pool_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct pool_buffer *buffer;
	long result = 0;

	mutex_lock(&pool_lock);
	buffer = pool_find(argument);
	if (command == 0x101) {
		result = pool_create(argument);
	} else if (!buffer) {
		result = -ENOENT;
	} else if (command == 0x102) {
		list_del(&buffer->entry);
		kref_put(&buffer->kref, pool_release);
	} else if (command == 0x103) {
		unmap_mapping_range(file->f_mapping, (loff_t)argument * POOL_STRIDE << PAGE_SHIFT, POOL_STRIDE << PAGE_SHIFT, 1);
	} else {
		result = -ENOTTY;
	}
	mutex_unlock(&pool_lock);
	return result;
}

static const struct file_operations pool_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = pool_ioctl,
	.mmap = pool_mmap,
};

static struct miscdevice pool_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "pool-list",
	.fops = &pool_fops,
};

static int __init pool_init(void)
{
	return misc_register(&pool_device);
}
module_init(pool_init);

static void __exit pool_exit(void)
{
	struct pool_buffer *buffer, *next;

	misc_deregister(&pool_device);
	list_for_each_entry_safe(buffer, next, &pool_buffers, entry) {
		list_del(&buffer->entry);
		kref_put(&buffer->kref, pool_release);
	}
}
module_exit(pool_exit);

MODULE_DESCRIPTION("A buffer manager with numbered buffers");
MODULE_LICENSE("GPL");
