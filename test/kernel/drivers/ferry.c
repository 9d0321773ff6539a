// SPDX-License-Identifier: MIT
/*
 * Rights and flags made by hand: ioctl 0x1501 gives the recipe by which mmap changes the vma before its pages come on fault (offset 0), are inserted (16) or remapped (32). 0 nothing, 1 read-only for good, 2 no execution, 3 the
 * protection of another mapping, 4 uncached, 5 write-combined and no copies in children, 6 a vma that does not grow nor show in dumps, 7 locked, 8 wiped in children, 9 writable although it was not asked for, 10 private made
 * shared, 11 shared made private.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap, count_fault, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

#define DECKS 4

static struct page *deck;
static unsigned long recipe;

static vm_fault_t ferry_fault(struct vm_fault *vmf)
{
	count_fault++;
	if (vmf->pgoff >= DECKS)
		return VM_FAULT_SIGBUS;
	vmf->page = deck + vmf->pgoff;
	get_page(vmf->page);
	return 0;
}

static void ferry_open(struct vm_area_struct *vma)
{
	count_open++;
}

static void ferry_close(struct vm_area_struct *vma)
{
	count_close++;
}

static const struct vm_operations_struct ferry_vm_ops = {
	.open = ferry_open,
	.close = ferry_close,
	.fault = ferry_fault,
};

static const struct vm_operations_struct ferry_plain_ops = {
	.open = ferry_open,
	.close = ferry_close,
};

static int ferry_prepare(struct vm_area_struct *vma)
{
	switch (recipe) {
	case 0:
		return 0;
	case 1:
		if (vma->vm_flags & VM_WRITE)
			return -EPERM;
		vm_flags_clear(vma, VM_MAYWRITE);
		return 0;
	case 2:
		vm_flags_clear(vma, VM_EXEC | VM_MAYEXEC);
		vma->vm_page_prot = vm_get_page_prot(vma->vm_flags);
		return 0;
	case 3:
		vma->vm_page_prot = PAGE_READONLY;
		return 0;
	case 4:
		vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
		return 0;
	case 5:
		vma->vm_page_prot = pgprot_writecombine(vma->vm_page_prot);
		vm_flags_set(vma, VM_DONTCOPY);
		return 0;
	case 6:
		vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);
		return 0;
	case 7:
		vm_flags_set(vma, VM_LOCKED);
		return 0;
	case 8:
		vm_flags_set(vma, VM_WIPEONFORK);
		return 0;
	case 9:
		vm_flags_set(vma, VM_WRITE | VM_MAYWRITE);
		vma->vm_page_prot = vm_get_page_prot(vma->vm_flags);
		return 0;
	case 10:
		vm_flags_set(vma, VM_SHARED | VM_MAYSHARE);
		vma->vm_page_prot = vm_get_page_prot(vma->vm_flags);
		return 0;
	case 11:
		vm_flags_clear(vma, VM_SHARED);
		return 0;
	}
	return -EINVAL;
}

static int ferry_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long n = vma_pages(vma), i;
	int err;

	count_mmap++;
	err = ferry_prepare(vma);
	if (err)
		return err;
	switch (vma->vm_pgoff >> 4) {
	case 0:
		vma->vm_ops = &ferry_vm_ops;
		return 0;
	case 1:
		vma->vm_ops = &ferry_plain_ops;
		for (i = 0; i < n && i < DECKS; i++) {
			err = vm_insert_page(vma, vma->vm_start + i * PAGE_SIZE, deck + i);
			if (err)
				return err;
		}
		return 0;
	case 2:
		vma->vm_ops = &ferry_plain_ops;
		return n > DECKS ? -E2BIG : remap_pfn_range(vma, vma->vm_start, page_to_pfn(deck), n * PAGE_SIZE, vma->vm_page_prot);
	}
	return -ENXIO;
}

static long ferry_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	if (cmd != 0x1501)
		return -ENOTTY;
	recipe = arg;
	return 0;
}

static const struct file_operations ferry_fops = {
	.owner = THIS_MODULE,
	.mmap = ferry_mmap,
	.unlocked_ioctl = ferry_ioctl,
};

static struct miscdevice ferry_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "ferry",
	.fops = &ferry_fops,
};

static int __init ferry_init(void)
{
	int i;

	deck = alloc_pages(GFP_KERNEL | __GFP_ZERO, 2);
	if (!deck)
		return -ENOMEM;
	split_page(deck, 2);
	for (i = 0; i < DECKS; i++)
		*(u32 *)page_address(deck + i) = 0xfe0 + i;
	return misc_register(&ferry_misc);
}

static void __exit ferry_exit(void)
{
	int i;

	misc_deregister(&ferry_misc);
	for (i = 0; i < DECKS; i++)
		__free_page(deck + i);
}
module_init(ferry_init);
module_exit(ferry_exit);
MODULE_LICENSE("GPL");
