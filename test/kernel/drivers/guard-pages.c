// SPDX-License-Identifier: MIT
/*
 * Buffers between guard pages: every fourth page is a guard, which answers SIGSEGV the first time and SIGBUS after. The buffers are folios of two pages; a guard cannot be
 * unmapped alone, and execution is never allowed.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

#define GUARD_EVERY 4
#define GUARD_BUFFERS 3

static unsigned int count_mmap, count_fault, count_may_split, count_mprotect, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_may_split, uint, 0444);
module_param(count_mprotect, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

static struct folio *guard_folios[GUARD_BUFFERS];
static int guard_hits;

static void guard_open(struct vm_area_struct *vma)
{
	count_open++;
}

static void guard_close(struct vm_area_struct *vma)
{
	count_close++;
}

static vm_fault_t guard_fault(struct vm_fault *vmf)
{
	pgoff_t slot = vmf->pgoff % GUARD_EVERY, number = vmf->pgoff / GUARD_EVERY;

	count_fault++;
	if (slot == 0)
		return guard_hits++ ? VM_FAULT_SIGBUS : VM_FAULT_SIGSEGV;
	if (number >= GUARD_BUFFERS || slot == 3)
		return VM_FAULT_SIGBUS;
	vmf->page = folio_page(guard_folios[number], slot - 1);
	folio_get(guard_folios[number]);
	return 0;
}

static int guard_may_split(struct vm_area_struct *vma, unsigned long addr)
{
	pgoff_t at = vma->vm_pgoff + ((addr - vma->vm_start) >> PAGE_SHIFT);

	count_may_split++;
	return at % GUARD_EVERY == 1 ? -EINVAL : 0;
}

static int guard_mprotect(struct vm_area_struct *vma, unsigned long start, unsigned long end, unsigned long newflags)
{
	count_mprotect++;
	return newflags & VM_EXEC ? -EACCES : 0;
}

static const struct vm_operations_struct guard_vm_ops = {
	.open = guard_open,
	.close = guard_close,
	.fault = guard_fault,
	.may_split = guard_may_split,
	.mprotect = guard_mprotect,
};

static int guard_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_flags & VM_EXEC)
		return -EPERM;
	if (vma->vm_pgoff % GUARD_EVERY)
		return -EINVAL;
	vma->vm_ops = &guard_vm_ops;
	vm_flags_set(vma, VM_DONTDUMP);
	return 0;
}

static const struct file_operations guard_fops = {
	.owner = THIS_MODULE,
	.mmap = guard_mmap,
};

static struct miscdevice guard_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "guard-pages",
	.fops = &guard_fops,
};

static void guard_free(void)
{
	int i;

	for (i = 0; i < GUARD_BUFFERS; i++)
		if (guard_folios[i])
			folio_put(guard_folios[i]);
}

static int __init guard_init(void)
{
	int i, err = -ENOMEM;

	for (i = 0; i < GUARD_BUFFERS; i++) {
		guard_folios[i] = folio_alloc(GFP_KERNEL | __GFP_ZERO, 1);
		if (!guard_folios[i])
			goto fail;
		*(u64 *)folio_address(guard_folios[i]) = 0x9d00 + i;
	}
	err = misc_register(&guard_device);
	if (err)
		goto fail;
	return 0;
fail:
	guard_free();
	return err;
}
module_init(guard_init);

static void __exit guard_exit(void)
{
	misc_deregister(&guard_device);
	guard_free();
}
module_exit(guard_exit);

MODULE_DESCRIPTION("Buffers between guard pages");
MODULE_LICENSE("GPL");
