// SPDX-License-Identifier: MIT
/*
 * What the kernel notes in a page that programs map: ioctl 0x101 gives PG_dirty (1), PG_locked (2), PG_reserved (4), whether it is mapped (8) and its references above one
 * (16 each) of the page at the index; 0x102 cleans it, 0x103 locks it, 0x104 unlocks it, 0x105 puts a number into page->private, 0x106 reads it.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>

static unsigned int count_mmap, count_fault, count_page_mkwrite;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_page_mkwrite, uint, 0444);

#define MARKS_PAGES 3

static struct page *marks_pages[MARKS_PAGES];

static vm_fault_t marks_fault(struct vm_fault *vmf)
{
	count_fault++;
	if (vmf->pgoff >= MARKS_PAGES)
		return VM_FAULT_SIGBUS;
	vmf->page = marks_pages[vmf->pgoff];
	get_page(vmf->page);
	if (vmf->pgoff == 2) {
		lock_page(vmf->page);
		return VM_FAULT_LOCKED;
	}
	return 0;
}

static vm_fault_t marks_mkwrite(struct vm_fault *vmf)
{
	count_page_mkwrite++;
	set_page_dirty(vmf->page);
	lock_page(vmf->page);
	return VM_FAULT_LOCKED;
}

static const struct vm_operations_struct marks_vm_ops = {
	.fault = marks_fault,
};

static const struct vm_operations_struct marks_asked_ops = {
	.fault = marks_fault,
	.page_mkwrite = marks_mkwrite,
};

/* Without write access to the file nobody is asked. */
static int marks_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_ops = file->f_flags & O_SYNC ? &marks_asked_ops : &marks_vm_ops;
	return 0;
}

static long marks_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct page *page;

	if (arg >= MARKS_PAGES)
		return -EINVAL;
	page = marks_pages[arg];
	switch (cmd) {
	case 0x101:
		return (PageDirty(page) ? 1 : 0) | (PageLocked(page) ? 2 : 0) | (PageReserved(page) ? 4 : 0) |
		       (page_mapped(page) ? 8 : 0) | (page_count(page) - 1) * 16;
	case 0x102:
		ClearPageDirty(page);
		return 0;
	case 0x103:
		return trylock_page(page) ? 0 : -EAGAIN;
	case 0x104:
		if (!PageLocked(page))
			return -EINVAL;
		unlock_page(page);
		return 0;
	case 0x105:
		set_page_private(page, 0x77 + arg);
		return 0;
	case 0x106:
		return page_private(page);
	}
	return -ENOTTY;
}

static const struct file_operations marks_fops = {
	.owner = THIS_MODULE,
	.mmap = marks_mmap,
	.unlocked_ioctl = marks_ioctl,
};

static struct miscdevice marks_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "page-marks",
	.fops = &marks_fops,
};

static int __init marks_init(void)
{
	int i;

	for (i = 0; i < MARKS_PAGES; i++) {
		marks_pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!marks_pages[i])
			goto fail;
	}
	return misc_register(&marks_device);
fail:
	while (i-- > 0)
		__free_page(marks_pages[i]);
	return -ENOMEM;
}
module_init(marks_init);

static void __exit marks_exit(void)
{
	int i;

	misc_deregister(&marks_device);
	for (i = 0; i < MARKS_PAGES; i++) {
		set_page_private(marks_pages[i], 0);
		if (PageLocked(marks_pages[i]))
			unlock_page(marks_pages[i]);
		__free_page(marks_pages[i]);
	}
}
module_exit(marks_exit);

MODULE_DESCRIPTION("What the kernel notes in a page that programs map");
MODULE_LICENSE("GPL");
