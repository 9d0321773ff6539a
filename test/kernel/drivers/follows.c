// SPDX-License-Identifier: MIT
/*
 * Asks which pfn lies behind an address of the program: ioctl 0x101 gives its distance from the first page of the block, in pages, 0x102 whether it may be written.
 * Even offsets map the block at once, odd ones by faults, offsets from 4 on as pages instead of pfns.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/version.h>

#include "compat.h"

#define FOLLOWS_ORDER 2

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static struct page *follows_block;

static vm_fault_t follows_fault(struct vm_fault *vmf)
{
	unsigned long index = (vmf->address - vmf->vma->vm_start) >> PAGE_SHIFT;

	count_fault++;
	if (index >= 1 << FOLLOWS_ORDER)
		return VM_FAULT_SIGBUS;
	if (vmf->vma->vm_flags & VM_PFNMAP)
		return vmf_insert_pfn(vmf->vma, vmf->address, page_to_pfn(follows_block) + index);
	vmf->page = follows_block + index;
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct follows_vm_ops = {
	.fault = follows_fault,
};

static int follows_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_ops = &follows_vm_ops;
	if (vma->vm_pgoff >= 4)
		return 0;
	if (vma->vm_pgoff & 1) {
		vm_flags_set(vma, VM_PFNMAP | VM_DONTEXPAND);
		return 0;
	}
	return remap_pfn_range(vma, vma->vm_start, page_to_pfn(follows_block), vma->vm_end - vma->vm_start, vma->vm_page_prot);
}

static int follows_look(struct vm_area_struct *vma, unsigned long address, unsigned long *pfn, bool *writable)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
	*writable = vma->vm_flags & VM_WRITE;
	return follow_pfn(vma, address, pfn);
#else
	struct follow_pfnmap_args args = { .vma = vma, .address = address };
	int err = follow_pfnmap_start(&args);

	if (err)
		return err;
	*pfn = args.pfn;
	*writable = args.writable;
	follow_pfnmap_end(&args);
	return 0;
#endif
}

static long follows_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	unsigned long pfn = 0;
	bool writable = false;
	long ret = -ENOMEM;

	mmap_read_lock(mm);
	vma = find_vma_intersection(mm, arg, arg + 1);
	if (vma)
		ret = follows_look(vma, arg, &pfn, &writable);
	mmap_read_unlock(mm);
	if (ret)
		return ret;
	if (cmd == 0x101)
		return pfn - page_to_pfn(follows_block);
	return cmd == 0x102 ? writable : -ENOTTY;
}

static const struct file_operations follows_fops = {
	.owner = THIS_MODULE,
	.mmap = follows_mmap,
	.unlocked_ioctl = follows_ioctl,
};

static struct miscdevice follows_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "follows",
	.fops = &follows_fops,
};

static int __init follows_init(void)
{
	follows_block = alloc_pages(GFP_KERNEL | __GFP_ZERO | __GFP_COMP, FOLLOWS_ORDER);
	if (!follows_block)
		return -ENOMEM;
	return misc_register(&follows_device);
}
module_init(follows_init);

static void __exit follows_exit(void)
{
	misc_deregister(&follows_device);
	__free_pages(follows_block, FOLLOWS_ORDER);
}
module_exit(follows_exit);

MODULE_DESCRIPTION("Asks which pfn lies behind an address");
MODULE_LICENSE("GPL");
