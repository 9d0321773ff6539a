// SPDX-License-Identifier: MIT
/*
 * Guest memory whose written pages are logged: page_mkwrite sets a bit and leaves the page locked; ioctl 0x101 gives the bits and begins anew; 0x102 stops
 * the log, and all that is written then is refused.
 */
#include <linux/bitmap.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "compat.h"

#define LOG_PAGES 8

static unsigned int count_mmap, count_fault, count_page_mkwrite;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_page_mkwrite, uint, 0444);

struct dirty_log {
	struct page *pages[LOG_PAGES];
	DECLARE_BITMAP(dirty, LOG_PAGES);
	bool stopped;
	spinlock_t lock;
};

static vm_fault_t log_fault(struct vm_fault *vmf)
{
	struct dirty_log *log = vmf->vma->vm_private_data;

	count_fault++;
	if (vmf->pgoff >= LOG_PAGES)
		return VM_FAULT_SIGBUS;
	vmf->page = log->pages[vmf->pgoff];
	get_page(vmf->page);
	return 0;
}

static vm_fault_t log_mkwrite(struct vm_fault *vmf)
{
	struct dirty_log *log = vmf->vma->vm_private_data;

	count_page_mkwrite++;
	if (log->stopped)
		return VM_FAULT_SIGBUS;
	lock_page(vmf->page);
	spin_lock(&log->lock);
	__set_bit(vmf->pgoff, log->dirty);
	spin_unlock(&log->lock);
	return VM_FAULT_LOCKED;
}

static const struct vm_operations_struct log_vm_ops = {
	.fault = log_fault,
	.page_mkwrite = log_mkwrite,
};

static int log_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if ((vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE)
		return -EINVAL;
	vma->vm_ops = &log_vm_ops;
	vma->vm_private_data = file->private_data;
	return 0;
}

static int log_open(struct inode *inode, struct file *file)
{
	struct dirty_log *log = kzalloc(sizeof(*log), GFP_KERNEL);
	int i;

	if (!log)
		return -ENOMEM;
	spin_lock_init(&log->lock);
	for (i = 0; i < LOG_PAGES; i++) {
		log->pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!log->pages[i])
			goto fail;
	}
	file->private_data = log;
	return 0;
fail:
	while (--i >= 0)
		__free_page(log->pages[i]);
	kfree(log);
	return -ENOMEM;
}

static int log_release(struct inode *inode, struct file *file)
{
	struct dirty_log *log = file->private_data;
	int i;

	for (i = 0; i < LOG_PAGES; i++)
		put_page(log->pages[i]);
	kfree(log);
	return 0;
}

static long log_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct dirty_log *log = file->private_data;
	long bits;

	switch (cmd) {
	case 0x101:
		unmap_mapping_range(file->f_mapping, 0, (loff_t)LOG_PAGES << PAGE_SHIFT, 1);
		spin_lock(&log->lock);
		bits = log->dirty[0];
		bitmap_zero(log->dirty, LOG_PAGES);
		spin_unlock(&log->lock);
		return bits;
	case 0x102:
		log->stopped = arg;
		return 0;
	case 0x103:
		return bitmap_weight(log->dirty, LOG_PAGES);
	}
	return -ENOTTY;
}

static const struct file_operations log_fops = {
	.owner = THIS_MODULE,
	.open = log_open,
	.release = log_release,
	.mmap = log_mmap,
	.unlocked_ioctl = log_ioctl,
};

static struct miscdevice log_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "dirty-log",
	.fops = &log_fops,
};
module_misc_device(log_device);

MODULE_DESCRIPTION("Guest memory whose written pages are logged");
MODULE_LICENSE("GPL");
