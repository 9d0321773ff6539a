// SPDX-License-Identifier: MIT
/* Deferred writing as displays do it: page_mkwrite marks a page dirty, a delayed work (or an ioctl) collects the dirty pages and makes them clean again. */
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "compat.h"

static unsigned int count_mmap, count_fault, count_page_mkwrite;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_page_mkwrite, uint, 0444);

#define NPAGES 10

struct tracker {
	void *mem;
	struct mutex lock;
	DECLARE_BITMAP(dirty, NPAGES);
	unsigned int flushes;
	unsigned int written;
};

static struct tracker tr;

static vm_fault_t dt_fault(struct vm_fault *vmf)
{
	unsigned long offset = vmf->pgoff << PAGE_SHIFT;
	struct page *page;

	count_fault++;
	if (offset >= NPAGES * PAGE_SIZE)
		return VM_FAULT_SIGBUS;
	page = vmalloc_to_page(tr.mem + offset);
	if (!page)
		return VM_FAULT_SIGBUS;
	get_page(page);
	page->mapping = vmf->vma->vm_file->f_mapping;
	page->index = vmf->pgoff;
	vmf->page = page;
	return 0;
}

static vm_fault_t dt_mkwrite(struct vm_fault *vmf)
{
	struct page *page = vmf->page;

	count_page_mkwrite++;
	mutex_lock(&tr.lock);
	set_bit(vmf->pgoff, tr.dirty);
	lock_page(page);
	mutex_unlock(&tr.lock);
	return VM_FAULT_LOCKED;
}

static const struct vm_operations_struct dt_ops = {
	.fault = dt_fault,
	.page_mkwrite = dt_mkwrite,
};

static int dt_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_ops = &dt_ops;
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);
	return 0;
}

static long dt_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	unsigned long bit;
	long n = 0;

	switch (cmd) {
	case 0x101:
		mutex_lock(&tr.lock);
		for_each_set_bit(bit, tr.dirty, NPAGES) {
			struct page *page = vmalloc_to_page(tr.mem + bit * PAGE_SIZE);

			lock_page(page);
			folio_mkclean(page_folio(page));
			unlock_page(page);
			n++;
		}
		bitmap_zero(tr.dirty, NPAGES);
		tr.flushes++;
		tr.written += n;
		mutex_unlock(&tr.lock);
		return n;
	case 0x102:
		return bitmap_weight(tr.dirty, NPAGES);
	case 0x103:
		return find_first_bit(tr.dirty, NPAGES);
	case 0x104:
		return tr.flushes * 100 + tr.written;
	case 0x105:
		return find_next_zero_bit(tr.dirty, NPAGES, arg);
	}
	return -ENOTTY;
}

static int dt_fsync(struct file *file, loff_t start, loff_t end, int datasync)
{
	tr.flushes += 10;
	return dt_ioctl(file, 0x101, 0) < 0 ? -EIO : 0;
}

static const struct file_operations dt_fops = {
	.owner = THIS_MODULE,
	.mmap = dt_mmap,
	.fsync = dt_fsync,
	.unlocked_ioctl = dt_ioctl,
};

static struct miscdevice dt_misc = { .minor = MISC_DYNAMIC_MINOR, .name = "dirty-track", .fops = &dt_fops };

static int __init dt_init(void)
{
	int err;

	mutex_init(&tr.lock);
	tr.mem = vzalloc(NPAGES * PAGE_SIZE);
	if (!tr.mem)
		return -ENOMEM;
	err = misc_register(&dt_misc);
	if (err)
		vfree(tr.mem);
	return err;
}

static void __exit dt_exit(void)
{
	int i;

	misc_deregister(&dt_misc);
	for (i = 0; i < NPAGES; i++)
		vmalloc_to_page(tr.mem + i * PAGE_SIZE)->mapping = NULL;
	vfree(tr.mem);
}
module_init(dt_init);
module_exit(dt_exit);
MODULE_LICENSE("GPL");
