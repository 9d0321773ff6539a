// SPDX-License-Identifier: MIT
/*
 * Counts the mappings of a buffer, which goes with the last of them: open and close keep the count, the mmap function
 * calls open by hand.
 */
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

static unsigned int count_mmap, count_open, count_close, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);
module_param(count_fault, uint, 0444);

struct buffer {
	struct kref users;
	struct page *page;
};

static void buffer_free(struct kref *users)
{
	struct buffer *buffer = container_of(users, struct buffer, users);

	__free_page(buffer->page);
	kfree(buffer);
	pr_info("counted: freed\n");
}

static void counted_vma_open(struct vm_area_struct *vma)
{
	struct buffer *buffer = vma->vm_private_data;

	count_open++;
	kref_get(&buffer->users);
}

static void counted_vma_close(struct vm_area_struct *vma)
{
	struct buffer *buffer = vma->vm_private_data;

	count_close++;
	kref_put(&buffer->users, buffer_free);
}

static vm_fault_t counted_vma_fault(struct vm_fault *vmf)
{
	struct buffer *buffer = vmf->vma->vm_private_data;

	count_fault++;
	get_page(buffer->page);
	vmf->page = buffer->page;
	return 0;
}

static const struct vm_operations_struct counted_vm_ops = {
	.open = counted_vma_open,
	.close = counted_vma_close,
	.fault = counted_vma_fault,
};

static int counted_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_private_data = file->private_data;
	vma->vm_ops = &counted_vm_ops;
	counted_vma_open(vma);
	return 0;
}

static int counted_open(struct inode *inode, struct file *file)
{
	struct buffer *buffer = kzalloc(sizeof(*buffer), GFP_KERNEL);

	if (!buffer)
		return -ENOMEM;
	buffer->page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!buffer->page) {
		kfree(buffer);
		return -ENOMEM;
	}
	kref_init(&buffer->users);
	file->private_data = buffer;
	return 0;
}

static int counted_release(struct inode *inode, struct file *file)
{
	struct buffer *buffer = file->private_data;

	kref_put(&buffer->users, buffer_free);
	return 0;
}

static const struct file_operations counted_fops = {
	.owner = THIS_MODULE,
	.open = counted_open,
	.release = counted_release,
	.mmap = counted_mmap,
};

static struct miscdevice counted_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "counted",
	.fops = &counted_fops,
};
module_misc_device(counted_device);

MODULE_DESCRIPTION("Counts the mappings of a buffer, which goes with the last of them");
MODULE_LICENSE("GPL");
