// SPDX-License-Identifier: MIT
/*
 * Pages in states of all kinds, given out on fault. ioctl 0x100 + n does to the page what n says: 1 lock, 2 unlock, 3 set PG_reserved, 4 clear it, 5 set
 * PG_dirty, 6 set PG_private, 7 clear PG_private, 8 an index and no mapping, 9 one reference more, 10 one less, 11 free it and take a new one, 12 PG_uptodate.
 * Whatever is left is there when the module goes.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static struct page *flags_page;

static vm_fault_t flags_fault(struct vm_fault *vmf)
{
	count_fault++;
	if (vmf->pgoff > 1)
		return VM_FAULT_SIGBUS;
	get_page(flags_page);
	vmf->page = flags_page;
	return 0;
}

static const struct vm_operations_struct flags_vm_ops = {
	.fault = flags_fault,
};

static int flags_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_ops = &flags_vm_ops;
	if (vma->vm_pgoff == 1)
		return vm_insert_page(vma, vma->vm_start, flags_page);
	return 0;
}

static struct page *flags_fresh(void)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);

	if (page)
		*(u32 *)page_address(page) = 0xf1a6;
	return page;
}

static long flags_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct page *page;

	switch (command) {
	case 0x101:
		if (!trylock_page(flags_page))
			return -EBUSY;
		return 0;
	case 0x102:
		unlock_page(flags_page);
		return 0;
	case 0x103:
		SetPageReserved(flags_page);
		return 0;
	case 0x104:
		ClearPageReserved(flags_page);
		return 0;
	case 0x105:
		return set_page_dirty(flags_page);
	case 0x106:
		SetPagePrivate(flags_page);
		return 0;
	case 0x107:
		ClearPagePrivate(flags_page);
		return 0;
	case 0x108:
		flags_page->index = argument;
		return 0;
	case 0x109:
		get_page(flags_page);
		return page_count(flags_page);
	case 0x10a:
		put_page(flags_page);
		return 0;
	case 0x10b:
		page = flags_fresh();
		if (!page)
			return -ENOMEM;
		__free_page(flags_page);
		flags_page = page;
		return 0;
	case 0x10c:
		SetPageUptodate(flags_page);
		return PageUptodate(flags_page);
	case 0x10d:
		return page_mapped(flags_page);
	}
	return -ENOTTY;
}

static const struct file_operations flags_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = flags_ioctl,
	.mmap = flags_mmap,
};

static struct miscdevice flags_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "page-flags",
	.fops = &flags_fops,
};

static int __init flags_init(void)
{
	flags_page = flags_fresh();
	if (!flags_page)
		return -ENOMEM;
	return misc_register(&flags_device);
}
module_init(flags_init);

static void __exit flags_exit(void)
{
	misc_deregister(&flags_device);
	__free_page(flags_page);
}
module_exit(flags_exit);

MODULE_DESCRIPTION("Pages in states of all kinds");
MODULE_LICENSE("GPL");
