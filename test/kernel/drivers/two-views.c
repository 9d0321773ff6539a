// SPDX-License-Identifier: MIT
/*
 * One buffer behind two devices' worth of offsets: control pages and data pages, each with operations of its own, and an address space of the driver's own that
 * every open file shares; ioctl 0x101 takes away the entries of some data pages in all processes, 0x102 also their private copies.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>

#include "compat.h"

#define VIEW_DATA 16UL
#define VIEW_PAGES 3

static unsigned int count_mmap, count_fault, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

struct view {
	unsigned long control;
	struct page *data[VIEW_PAGES];
	struct address_space *mapping;
	struct mutex lock;
	int users;
};

static struct view view;

static void view_open_vma(struct vm_area_struct *vma)
{
	struct view *v = vma->vm_private_data;

	count_open++;
	mutex_lock(&v->lock);
	v->users++;
	mutex_unlock(&v->lock);
}

static void view_close_vma(struct vm_area_struct *vma)
{
	struct view *v = vma->vm_private_data;

	count_close++;
	mutex_lock(&v->lock);
	v->users--;
	mutex_unlock(&v->lock);
}

static vm_fault_t view_data_fault(struct vm_fault *vmf)
{
	struct view *v = vmf->vma->vm_private_data;
	unsigned long index = vmf->pgoff - VIEW_DATA;

	count_fault++;
	if (index >= VIEW_PAGES)
		return VM_FAULT_SIGBUS;
	get_page(v->data[index]);
	vmf->page = v->data[index];
	return 0;
}

static const struct vm_operations_struct view_control_ops = {
	.open = view_open_vma,
	.close = view_close_vma,
};

static const struct vm_operations_struct view_data_ops = {
	.open = view_open_vma,
	.close = view_close_vma,
	.fault = view_data_fault,
};

static int view_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct view *v = file->private_data;
	int err = 0;

	count_mmap++;
	vma->vm_private_data = v;
	if (vma->vm_pgoff >= VIEW_DATA) {
		vma->vm_ops = &view_data_ops;
	} else {
		if (vma->vm_pgoff || vma_pages(vma) != 1)
			return -EINVAL;
		vma->vm_ops = &view_control_ops;
		err = vm_insert_page(vma, vma->vm_start, virt_to_page(v->control));
	}
	if (!err)
		view_open_vma(vma);
	return err;
}

static int view_open(struct inode *inode, struct file *file)
{
	file->private_data = &view;
	mutex_lock(&view.lock);
	if (!view.mapping)
		view.mapping = inode->i_mapping;
	mutex_unlock(&view.lock);
	return nonseekable_open(inode, file);
}

static long view_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct view *v = file->private_data;

	switch (cmd) {
	case 0x101:
	case 0x102:
		unmap_mapping_range(v->mapping, (loff_t)(VIEW_DATA + arg) << PAGE_SHIFT, PAGE_SIZE, cmd == 0x102);
		return 0;
	case 0x103:
		unmap_mapping_pages(v->mapping, 0, VIEW_DATA, true);
		return 0;
	case 0x104:
		return v->users;
	default:
		return -ENOTTY;
	}
}

static const struct file_operations view_fops = {
	.owner = THIS_MODULE,
	.open = view_open,
	.mmap = view_mmap,
	.unlocked_ioctl = view_ioctl,
};

static struct miscdevice view_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "two-views",
	.fops = &view_fops,
};

static int __init view_init(void)
{
	int i, err;

	mutex_init(&view.lock);
	view.control = get_zeroed_page(GFP_KERNEL);
	if (!view.control)
		return -ENOMEM;
	for (i = 0; i < VIEW_PAGES; i++) {
		view.data[i] = alloc_page(GFP_HIGHUSER | __GFP_ZERO);
		if (!view.data[i]) {
			err = -ENOMEM;
			goto free;
		}
	}
	err = misc_register(&view_device);
	if (!err)
		return 0;
free:
	while (--i >= 0)
		__free_page(view.data[i]);
	free_page(view.control);
	return err;
}
module_init(view_init);

static void __exit view_exit(void)
{
	int i;

	misc_deregister(&view_device);
	for (i = 0; i < VIEW_PAGES; i++)
		__free_page(view.data[i]);
	free_page(view.control);
}
module_exit(view_exit);

MODULE_DESCRIPTION("Control and data pages with an address space of the driver's own");
MODULE_LICENSE("GPL");
