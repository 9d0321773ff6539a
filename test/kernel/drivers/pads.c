// SPDX-License-Identifier: MIT
/*
 * Each open file has pads of its own: pages that come when they are touched, kept in an xarray by their number, with a limit that all files share. Only one
 * file may be open exclusively. ioctl 0x101 N drops a pad and everybody's entries of it, 0x102 counts pads, 0x103 N moves the limit.
 */
#include <linux/atomic.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/xarray.h>

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

struct pads_file {
	struct list_head link;
	struct xarray pads;
	unsigned int number;
	bool exclusive;
};

static LIST_HEAD(pads_files);
static DEFINE_MUTEX(pads_lock);
static atomic_t pads_left = ATOMIC_INIT(5);
static unsigned int pads_opened;

static int pads_open(struct inode *inode, struct file *file)
{
	struct pads_file *pads;
	int err = -EBUSY;

	mutex_lock(&pads_lock);
	if (file->f_flags & O_EXCL && !list_empty(&pads_files))
		goto unlock;
	list_for_each_entry(pads, &pads_files, link)
		if (pads->exclusive)
			goto unlock;
	err = -ENOMEM;
	pads = kzalloc(sizeof(*pads), GFP_KERNEL);
	if (!pads)
		goto unlock;
	xa_init(&pads->pads);
	pads->number = ++pads_opened;
	pads->exclusive = !!(file->f_flags & O_EXCL);
	list_add_tail(&pads->link, &pads_files);
	file->private_data = pads;
	err = 0;
unlock:
	mutex_unlock(&pads_lock);
	return err;
}

static int pads_release(struct inode *inode, struct file *file)
{
	struct pads_file *pads = file->private_data;
	struct page *page;
	unsigned long index;

	mutex_lock(&pads_lock);
	list_del(&pads->link);
	mutex_unlock(&pads_lock);
	xa_for_each(&pads->pads, index, page) {
		__free_page(page);
		atomic_inc(&pads_left);
	}
	xa_destroy(&pads->pads);
	kfree(pads);
	return 0;
}

static vm_fault_t pads_fault(struct vm_fault *vmf)
{
	struct pads_file *pads = vmf->vma->vm_file->private_data;
	struct page *page, *old;

	count_fault++;
	page = xa_load(&pads->pads, vmf->pgoff);
	if (!page) {
		if (!atomic_add_unless(&pads_left, -1, 0))
			return VM_FAULT_SIGBUS;
		page = alloc_page(GFP_HIGHUSER | __GFP_ZERO);
		if (!page) {
			atomic_inc(&pads_left);
			return VM_FAULT_OOM;
		}
		memset32(page_address(page), pads->number << 8 | vmf->pgoff, 4);
		old = xa_cmpxchg(&pads->pads, vmf->pgoff, NULL, page, GFP_KERNEL);
		if (old) {
			__free_page(page);
			atomic_inc(&pads_left);
			if (xa_is_err(old))
				return VM_FAULT_OOM;
			page = old;
		}
	}
	get_page(page);
	vmf->page = page;
	return 0;
}

static const struct vm_operations_struct pads_vm_ops = {
	.fault = pads_fault,
};

static int pads_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_ops = &pads_vm_ops;
	return 0;
}

static long pads_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct pads_file *pads = file->private_data, *other;
	struct page *page;
	unsigned long index;
	long count = 0;

	switch (command) {
	case 0x101:
		page = xa_erase(&pads->pads, argument);
		if (!page)
			return -ENOENT;
		unmap_mapping_range(file->f_mapping, argument << PAGE_SHIFT, PAGE_SIZE, 1);
		put_page(page);
		return atomic_inc_return(&pads_left);
	case 0x102:
		mutex_lock(&pads_lock);
		list_for_each_entry_reverse(other, &pads_files, link)
			xa_for_each(&other->pads, index, page)
				count += 1 + index * 16;
		mutex_unlock(&pads_lock);
		return count;
	case 0x103:
		return atomic_add_return((int)argument, &pads_left);
	case 0x104:
		index = argument;
		page = xa_find(&pads->pads, &index, ULONG_MAX, XA_PRESENT);
		return page ? (long)index : -ENODATA;
	}
	return -ENOTTY;
}

static const struct file_operations pads_fops = {
	.owner = THIS_MODULE,
	.open = pads_open,
	.release = pads_release,
	.unlocked_ioctl = pads_ioctl,
	.mmap = pads_mmap,
};

static struct miscdevice pads_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "pads",
	.fops = &pads_fops,
};
module_misc_device(pads_device);

MODULE_DESCRIPTION("Pages of an open file that come when they are touched");
MODULE_LICENSE("GPL");
