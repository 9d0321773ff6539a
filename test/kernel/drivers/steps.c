// SPDX-License-Identifier: MIT
/*
 * Maps in four steps, each of which ioctl 0x101 N can make fail: the buffer, the header page, the data pages, the flags. What was done before is undone, but the step
 * that 0x102 N names is forgotten. 0x103 tells how many buffers live.
 */
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "compat.h"

#define STEPS_PAGES 3

static unsigned int count_mmap, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

struct steps_buffer {
	struct kref ref;
	struct page *header;
	struct page *data[STEPS_PAGES];
};

static unsigned long steps_fail, steps_forget;
static int steps_living;

static void steps_release(struct kref *ref)
{
	struct steps_buffer *buffer = container_of(ref, struct steps_buffer, ref);
	int i;

	for (i = 0; i < STEPS_PAGES; i++)
		if (buffer->data[i])
			__free_page(buffer->data[i]);
	if (buffer->header)
		__free_page(buffer->header);
	kfree(buffer);
	steps_living--;
}

static struct steps_buffer *steps_create(void)
{
	struct steps_buffer *buffer = kzalloc(sizeof(*buffer), GFP_KERNEL);
	int i;

	if (!buffer)
		return ERR_PTR(-ENOMEM);
	kref_init(&buffer->ref);
	steps_living++;
	buffer->header = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!buffer->header || steps_fail == 1)
		goto fail;
	for (i = 0; i < STEPS_PAGES; i++) {
		buffer->data[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!buffer->data[i])
			goto fail;
	}
	return buffer;
fail:
	kref_put(&buffer->ref, steps_release);
	return ERR_PTR(-ENOMEM);
}

static void steps_open(struct vm_area_struct *vma)
{
	struct steps_buffer *buffer = vma->vm_private_data;

	count_open++;
	kref_get(&buffer->ref);
}

static void steps_close(struct vm_area_struct *vma)
{
	struct steps_buffer *buffer = vma->vm_private_data;

	count_close++;
	kref_put(&buffer->ref, steps_release);
}

static const struct vm_operations_struct steps_vm_ops = {
	.open = steps_open,
	.close = steps_close,
};

static int steps_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct steps_buffer *buffer;
	unsigned long addr = vma->vm_start;
	int i, err;

	count_mmap++;
	if (vma_pages(vma) > STEPS_PAGES + 1)
		return -E2BIG;
	buffer = steps_create();
	if (IS_ERR(buffer))
		return PTR_ERR(buffer);
	vma->vm_private_data = buffer;
	vma->vm_ops = &steps_vm_ops;
	err = vm_insert_page(vma, addr, buffer->header);
	if (!err && steps_fail == 2)
		err = -EIO;
	if (err)
		goto put;
	for (i = 0, addr += PAGE_SIZE; addr < vma->vm_end; i++, addr += PAGE_SIZE) {
		err = vm_insert_page(vma, addr, buffer->data[i]);
		if (!err && steps_fail == 3 && i == 1)
			err = -ENOSPC;
		if (err)
			goto put;
	}
	if (steps_fail == 4) {
		err = -EPERM;
		goto put;
	}
	vm_flags_set(vma, VM_DONTEXPAND);
	return 0;
put:
	if (steps_forget == 1)
		vma->vm_private_data = NULL;
	else if (steps_forget != 2)
		kref_put(&buffer->ref, steps_release);
	return err;
}

static long steps_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case 0x101:
		steps_fail = arg;
		return 0;
	case 0x102:
		steps_forget = arg;
		return 0;
	case 0x103:
		return steps_living;
	}
	return -ENOTTY;
}

static const struct file_operations steps_fops = {
	.owner = THIS_MODULE,
	.mmap = steps_mmap,
	.unlocked_ioctl = steps_ioctl,
};

static struct miscdevice steps_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "steps",
	.fops = &steps_fops,
};
module_misc_device(steps_device);

MODULE_DESCRIPTION("Maps in four steps, each of which may fail");
MODULE_LICENSE("GPL");
