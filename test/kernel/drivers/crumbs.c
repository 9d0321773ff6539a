// SPDX-License-Identifier: MIT
/*
 * Blocks of pages and their counts: the offset chooses a block of four pages (0 plain of higher order, 8 compound, 16 split, 24 exact, 32 split while it is mapped by ioctl 0x901, 40 pages that
 * ioctl 0x902 gives back while they are mapped). Pages come on fault; write-only programs get them from mmap by vm_insert_page. 0x903 NR tells the count of a page of the first block.
 */
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

#define CRUMBS 4

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static struct page *plain, *compound, *split, *later;
static struct page *loose[CRUMBS];
static void *exact;
static bool later_is_split;

static struct page *crumb(unsigned long pgoff)
{
	unsigned long i = pgoff & 7;

	if (i >= CRUMBS)
		return NULL;
	switch (pgoff >> 3) {
	case 0:
		return plain + i;
	case 1:
		return compound + i;
	case 2:
		return split + i;
	case 3:
		return virt_to_page(exact) + i;
	case 4:
		return later + i;
	case 5:
		return loose[i];
	}
	return NULL;
}

static vm_fault_t crumbs_fault(struct vm_fault *vmf)
{
	struct page *page = crumb(vmf->pgoff);

	count_fault++;
	if (!page)
		return VM_FAULT_SIGBUS;
	if (vmf->pgoff >> 3 == 4 && !later_is_split)
		page = later;
	get_page(page);
	vmf->page = page;
	return 0;
}

static const struct vm_operations_struct crumbs_vm_ops = {
	.fault = crumbs_fault,
};

static int crumbs_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct page *page;
	unsigned long uaddr = vma->vm_start;
	pgoff_t off = vma->vm_pgoff;
	int err;

	count_mmap++;
	if ((vma->vm_flags & (VM_READ | VM_WRITE)) == VM_READ) {
		for (; uaddr < vma->vm_end; uaddr += PAGE_SIZE, off++) {
			page = crumb(off);
			if (!page)
				return -ERANGE;
			err = vm_insert_page(vma, uaddr, page);
			if (err)
				return err;
		}
		return 0;
	}
	vma->vm_ops = &crumbs_vm_ops;
	return 0;
}

static long crumbs_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case 0x901:
		if (later_is_split)
			return -EALREADY;
		split_page(later, 2);
		later_is_split = true;
		return 0;
	case 0x902:
		if (arg >= CRUMBS || !loose[arg])
			return -EINVAL;
		put_page(loose[arg]);
		loose[arg] = NULL;
		return 0;
	case 0x903:
		return arg < CRUMBS ? page_ref_count(plain + arg) : -EINVAL;
	case 0x904:
		return arg < CRUMBS ? page_count(compound + arg) : -EINVAL;
	}
	return -ENOTTY;
}

static const struct file_operations crumbs_fops = {
	.owner = THIS_MODULE,
	.mmap = crumbs_mmap,
	.unlocked_ioctl = crumbs_ioctl,
};

static struct miscdevice crumbs_misc = {
	.name = "crumbs",
	.minor = MISC_DYNAMIC_MINOR,
	.fops = &crumbs_fops,
};

static int __init crumbs_init(void)
{
	int i;

	plain = alloc_pages(GFP_KERNEL | __GFP_ZERO, 2);
	compound = alloc_pages(GFP_KERNEL | __GFP_COMP | __GFP_ZERO, 2);
	split = alloc_pages(GFP_KERNEL | __GFP_ZERO, 2);
	later = alloc_pages(GFP_KERNEL | __GFP_ZERO, 2);
	exact = alloc_pages_exact(CRUMBS * PAGE_SIZE, GFP_KERNEL | __GFP_ZERO);
	if (!plain || !compound || !split || !later || !exact)
		return -ENOMEM;
	split_page(split, 2);
	for (i = 0; i < CRUMBS; i++) {
		loose[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!loose[i])
			return -ENOMEM;
		memset(page_address(plain + i), 0x20 + i, 8);
		memset(page_address(compound + i), 0x30 + i, 8);
		memset(page_address(later + i), 0x40 + i, 8);
		memset(page_address(loose[i]), 0x50 + i, 8);
	}
	return misc_register(&crumbs_misc);
}

static void __exit crumbs_exit(void)
{
	int i;

	misc_deregister(&crumbs_misc);
	for (i = 0; i < CRUMBS; i++) {
		if (loose[i])
			put_page(loose[i]);
		__free_page(split + i);
		if (later_is_split)
			__free_page(later + i);
	}
	if (!later_is_split)
		__free_pages(later, 2);
	free_pages_exact(exact, CRUMBS * PAGE_SIZE);
	__free_pages(compound, 2);
	__free_pages(plain, 2);
}

module_init(crumbs_init);
module_exit(crumbs_exit);
MODULE_LICENSE("GPL");
