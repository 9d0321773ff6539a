// SPDX-License-Identifier: MIT
/*
 * A frame buffer that learns which pages were written, as deferred drivers do: read-only entries first, page_mkwrite notes the page, and ioctl 0x101
 * takes the right to write away again and tells which pages were dirty as a mask. ioctl 0x102 tells the mask and changes nothing.
 */
#include <linux/bitops.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>
#include <linux/vmalloc.h>

#include "compat.h"

static unsigned int count_mmap, count_fault, count_page_mkwrite;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_page_mkwrite, uint, 0444);

#define SCREEN_BYTES (6 * PAGE_SIZE)

static u8 *screen;
static unsigned long screen_dirty;
static DEFINE_MUTEX(screen_lock);
static struct address_space *screen_mapping;

static vm_fault_t deferred_fault(struct vm_fault *vmf)
{
	unsigned long offset = vmf->pgoff << PAGE_SHIFT;
	struct page *page;

	count_fault++;
	if (offset >= SCREEN_BYTES)
		return VM_FAULT_SIGBUS;
	page = vmalloc_to_page(screen + offset);
	if (!page)
		return VM_FAULT_SIGBUS;
	get_page(page);
	vmf->page = page;
	return 0;
}

static vm_fault_t deferred_mkwrite(struct vm_fault *vmf)
{
	count_page_mkwrite++;
	file_update_time(vmf->vma->vm_file);
	mutex_lock(&screen_lock);
	lock_page(vmf->page);
	set_bit(vmf->pgoff, &screen_dirty);
	mutex_unlock(&screen_lock);
	return VM_FAULT_LOCKED;
}

static const struct vm_operations_struct deferred_vm_ops = {
	.fault = deferred_fault,
	.page_mkwrite = deferred_mkwrite,
};

static int deferred_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_page_prot = pgprot_decrypted(vma->vm_page_prot);
	vma->vm_ops = &deferred_vm_ops;
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_private_data = screen;
	screen_mapping = file->f_mapping;
	return 0;
}

static long deferred_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	unsigned long dirty;

	mutex_lock(&screen_lock);
	dirty = screen_dirty;
	if (command == 0x101) {
		if (screen_mapping)
			unmap_mapping_range(screen_mapping, 0, SCREEN_BYTES, 1);
		screen_dirty = 0;
	}
	mutex_unlock(&screen_lock);
	return dirty;
}

static const struct file_operations deferred_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = deferred_ioctl,
	.mmap = deferred_mmap,
};

static struct miscdevice deferred_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "deferred-io",
	.fops = &deferred_fops,
};

static int __init deferred_init(void)
{
	int i;

	screen = vzalloc(SCREEN_BYTES);
	if (!screen)
		return -ENOMEM;
	for (i = 0; i < SCREEN_BYTES; i += PAGE_SIZE)
		memset(screen + i, 0x10 + i / PAGE_SIZE, 16);
	return misc_register(&deferred_device);
}
module_init(deferred_init);

static void __exit deferred_exit(void)
{
	misc_deregister(&deferred_device);
	vfree(screen);
}
module_exit(deferred_exit);

MODULE_DESCRIPTION("A frame buffer that learns which pages were written");
MODULE_LICENSE("GPL");
