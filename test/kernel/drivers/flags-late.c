// SPDX-License-Identifier: MIT
/*
 * Flags and operations that come together in unusual ways. What the offset selects (offset / 8): 0 VM_PFNMAP without anything, 1 VM_IO and fault of
 * pages, 2 VM_DONTCOPY and VM_MIXEDMAP with inserted pages, 3 VM_LOCKED by the driver, 4 VM_DONTDUMP alone, 5 VM_HUGEPAGE, 6 VM_WIPEONFORK, 7 VM_SEQ_READ
 * and VM_RAND_READ, 8 VM_SHARED taken away, 9 VM_SHARED given to private mappings, 10 VM_READ taken away, 11 VM_NORESERVE and VM_ACCOUNT, 12 VM_EXEC
 * given, 13 the operations changed in open, 14 VM_MERGEABLE, 15 VM_GROWSDOWN.
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

#define LATE_PAGES 4

static struct page *late_pages[LATE_PAGES];

static vm_fault_t late_fault(struct vm_fault *vmf)
{
	unsigned long page = vmf->pgoff % 8;

	count_fault++;
	if (page >= LATE_PAGES)
		return VM_FAULT_SIGBUS;
	get_page(late_pages[page]);
	vmf->page = late_pages[page];
	return 0;
}

static void late_close(struct vm_area_struct *vma)
{
	count_close++;
}

static const struct vm_operations_struct late_bare_ops = {
	.close = late_close,
};

static void late_open(struct vm_area_struct *vma)
{
	count_open++;
	if (vma->vm_pgoff / 8 == 13)
		vma->vm_ops = &late_bare_ops;
}

static const struct vm_operations_struct late_vm_ops = {
	.open = late_open,
	.close = late_close,
	.fault = late_fault,
};

static int late_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long i;
	int err;

	count_mmap++;
	vma->vm_ops = &late_vm_ops;
	switch (vma->vm_pgoff / 8) {
	case 0:
		vm_flags_set(vma, VM_PFNMAP);
		break;
	case 1:
		vm_flags_set(vma, VM_IO);
		break;
	case 2:
		vm_flags_set(vma, VM_DONTCOPY | VM_MIXEDMAP);
		for (i = 0; i < min(vma_pages(vma), 2UL); i++) {
			err = vm_insert_page(vma, vma->vm_start + i * PAGE_SIZE, late_pages[i]);
			if (err)
				return err;
		}
		break;
	case 3:
		vm_flags_set(vma, VM_LOCKED);
		break;
	case 4:
		vm_flags_set(vma, VM_DONTDUMP);
		break;
	case 5:
		vm_flags_set(vma, VM_HUGEPAGE);
		break;
	case 6:
		vm_flags_set(vma, VM_WIPEONFORK);
		break;
	case 7:
		vm_flags_set(vma, VM_SEQ_READ | VM_RAND_READ);
		break;
	case 8:
		vm_flags_clear(vma, VM_SHARED);
		break;
	case 9:
		vm_flags_set(vma, VM_MAYSHARE | VM_SHARED);
		break;
	case 10:
		vm_flags_clear(vma, VM_READ);
		break;
	case 11:
		vm_flags_set(vma, VM_NORESERVE);
		break;
	case 12:
		vm_flags_set(vma, VM_EXEC);
		break;
	case 14:
		vm_flags_set(vma, VM_MERGEABLE);
		break;
	case 15:
		vm_flags_set(vma, VM_GROWSDOWN);
		break;
	}
	return 0;
}

static const struct file_operations late_fops = {
	.owner = THIS_MODULE,
	.mmap = late_mmap,
};

static struct miscdevice late_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "flags-late",
	.fops = &late_fops,
};

static int __init late_init(void)
{
	int i;

	for (i = 0; i < LATE_PAGES; i++) {
		late_pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!late_pages[i])
			return -ENOMEM;
		*(u32 *)page_address(late_pages[i]) = 0x1a7e0 + i;
	}
	return misc_register(&late_device);
}
module_init(late_init);

static void __exit late_exit(void)
{
	int i;

	misc_deregister(&late_device);
	for (i = 0; i < LATE_PAGES; i++)
		__free_page(late_pages[i]);
}
module_exit(late_exit);

MODULE_DESCRIPTION("Flags and operations that come together in unusual ways");
MODULE_LICENSE("GPL");
