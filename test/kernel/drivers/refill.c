// SPDX-License-Identifier: MIT
/*
 * Fills the whole vma in its first fault with vm_insert_page() and says NOPAGE; ioctl 0x101 takes everything away with zap_vma_ptes() under the lock, 0x102 replaces
 * the pages by fresh ones while entries still lead to the old, 0x103 sets how many pages a fault fills.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>

#include "compat.h"

#define REFILL_PAGES 4

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static struct page *refill_pages[REFILL_PAGES];
static unsigned long refill_batch = REFILL_PAGES;

static vm_fault_t refill_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long i, addr = vmf->address;
	int err = 0;

	count_fault++;
	for (i = vmf->pgoff; i < vmf->pgoff + refill_batch && i < REFILL_PAGES && addr < vma->vm_end; i++, addr += PAGE_SIZE) {
		err = vm_insert_page(vma, addr, refill_pages[i]);
		if (err)
			break;
	}
	if (i == vmf->pgoff && !err)
		return VM_FAULT_SIGBUS;
	return err == -EBUSY ? VM_FAULT_NOPAGE : vmf_error(err) & (err ? ~0U : 0U) ?: VM_FAULT_NOPAGE;
}

static const struct vm_operations_struct refill_vm_ops = {
	.fault = refill_fault,
};

static int refill_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vm_flags_set(vma, VM_MIXEDMAP);
	vma->vm_ops = &refill_vm_ops;
	return 0;
}

static int refill_replace(void)
{
	int i;

	for (i = 0; i < REFILL_PAGES; i++) {
		struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);

		if (!page)
			return -ENOMEM;
		*(u32 *)page_address(page) = 0x4e0 + i;
		if (refill_pages[i])
			put_page(refill_pages[i]);
		refill_pages[i] = page;
	}
	return 0;
}

static long refill_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct vm_area_struct *vma;

	switch (cmd) {
	case 0x101:
		mmap_read_lock(current->mm);
		vma = find_vma(current->mm, arg);
		if (vma && vma->vm_start <= arg && vma->vm_ops == &refill_vm_ops)
			zap_vma_ptes(vma, vma->vm_start, vma->vm_end - vma->vm_start);
		else
			vma = NULL;
		mmap_read_unlock(current->mm);
		return vma ? 0 : -EFAULT;
	case 0x102:
		return refill_replace();
	case 0x103:
		refill_batch = arg;
		return 0;
	}
	return -ENOTTY;
}

static const struct file_operations refill_fops = {
	.owner = THIS_MODULE,
	.mmap = refill_mmap,
	.unlocked_ioctl = refill_ioctl,
};

static struct miscdevice refill_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "refill",
	.fops = &refill_fops,
};

static int __init refill_init(void)
{
	int err = refill_replace();

	return err ? err : misc_register(&refill_device);
}
module_init(refill_init);

static void __exit refill_exit(void)
{
	int i;

	misc_deregister(&refill_device);
	for (i = 0; i < REFILL_PAGES; i++)
		put_page(refill_pages[i]);
}
module_exit(refill_exit);

MODULE_DESCRIPTION("Fills the whole vma in its first fault");
MODULE_LICENSE("GPL");
