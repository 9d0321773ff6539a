// SPDX-License-Identifier: MIT
/*
 * Stumbles in the midst of mmap, in the way that ioctl 0xa01 chose: 1 two pages and an error, 2 pfns and an error, 3 pages whose references it gives back before the error, 4 frees its pages with the
 * error, 5 vm_ops and private data and an error (close is not called), 6 a positive result, 7 unmaps what it inserted by zap_vma_ptes and goes on, 8 inserts a page twice and passes the error on,
 * 9 inserts twice and ignores it, 10 changes the length of what it maps half-way, 11 an error after the flags, 12 a user page of the caller's stack is asked for under the lock.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap, count_close, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_close, uint, 0444);
module_param(count_fault, uint, 0444);

#define NR 3

static struct page *steps[NR];
static int how;

static vm_fault_t stumble_fault(struct vm_fault *vmf)
{
	count_fault++;
	if (vmf->pgoff >= NR || !steps[vmf->pgoff])
		return VM_FAULT_SIGBUS;
	get_page(steps[vmf->pgoff]);
	vmf->page = steps[vmf->pgoff];
	return 0;
}

static void stumble_close(struct vm_area_struct *vma)
{
	count_close++;
}

static const struct vm_operations_struct stumble_vm_ops = {
	.close = stumble_close,
	.fault = stumble_fault,
};

static int stumble_insert(struct vm_area_struct *vma, int n)
{
	int i, err;

	for (i = 0; i < n; i++) {
		err = vm_insert_page(vma, vma->vm_start + i * PAGE_SIZE, steps[i]);
		if (err)
			return err;
	}
	return 0;
}

static int stumble_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long start = vma->vm_start;
	int i, err;

	count_mmap++;
	if (vma_pages(vma) < 2 || !steps[0])
		return -EINVAL;
	switch (how) {
	case 0:
		return stumble_insert(vma, 2);
	case 1:
		err = stumble_insert(vma, 2);
		return err ? err : -EPROTO;
	case 2:
		err = remap_pfn_range(vma, start, page_to_pfn(steps[0]), PAGE_SIZE, vma->vm_page_prot);
		return err ? err : -ENOSPC;
	case 3:
		err = stumble_insert(vma, 2);
		if (err)
			return err;
		for (i = 0; i < 2; i++) {
			put_page(steps[i]);
			steps[i] = NULL;
		}
		return -ENOLINK;
	case 4:
		err = remap_pfn_range(vma, start, page_to_pfn(steps[0]), PAGE_SIZE, vma->vm_page_prot);
		__free_page(steps[0]);
		steps[0] = NULL;
		return err ? err : -ESTALE;
	case 5:
		vma->vm_ops = &stumble_vm_ops;
		vma->vm_private_data = steps;
		return -ENOTCONN;
	case 6:
		vma->vm_ops = &stumble_vm_ops;
		return vma_pages(vma);
	case 7:
		vma->vm_ops = &stumble_vm_ops;
		err = remap_pfn_range(vma, start, page_to_pfn(steps[1]), vma->vm_end - start < 2 * PAGE_SIZE ? PAGE_SIZE : 2 * PAGE_SIZE,
				      vma->vm_page_prot);
		zap_vma_ptes(vma, start, PAGE_SIZE);
		return err;
	case 8:
		err = stumble_insert(vma, 2);
		return err ? err : vm_insert_page(vma, start + PAGE_SIZE, steps[2]);
	case 9:
		vma->vm_ops = &stumble_vm_ops;
		stumble_insert(vma, 2);
		vm_insert_page(vma, start, steps[2]);
		return 0;
	case 10:
		vma->vm_ops = &stumble_vm_ops;
		vm_flags_set(vma, VM_MIXEDMAP);
		err = vm_insert_page(vma, vma->vm_end - PAGE_SIZE, steps[2]);
		vm_flags_clear(vma, VM_MIXEDMAP);
		return err;
	case 11:
		vm_flags_set(vma, VM_LOCKED | VM_IO);
		return -EXDEV;
	case 12:
		vm_flags_set(vma, VM_PFNMAP);
		vmf_insert_pfn(vma, start, page_to_pfn(steps[0]));
		zap_vma_ptes(vma, start, vma->vm_end - start);
		vmf_insert_pfn(vma, start, page_to_pfn(steps[1]));
		return 0;
	}
	return -ENOSYS;
}

static long stumble_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case 0xa01:
		how = arg;
		return 0;
	case 0xa02:
		return arg < NR && steps[arg] ? page_count(steps[arg]) : -ENOENT;
	case 0xa03:
		return arg < NR && steps[arg] ? page_mapped(steps[arg]) : -ENOENT;
	}
	return -ENOTTY;
}

static const struct file_operations stumble_fops = {
	.owner = THIS_MODULE,
	.mmap = stumble_mmap,
	.unlocked_ioctl = stumble_ioctl,
};

static struct miscdevice stumble_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "stumble",
	.fops = &stumble_fops,
};

static int __init stumble_init(void)
{
	struct page *block;
	int i;

	block = alloc_pages(GFP_KERNEL | __GFP_ZERO, 2);
	if (!block)
		return -ENOMEM;
	split_page(block, 2);
	__free_page(block + NR);
	for (i = 0; i < NR; i++) {
		steps[i] = block + i;
		*(u32 *)page_address(steps[i]) = 0x57e0 + i;
	}
	return misc_register(&stumble_misc);
}

static void __exit stumble_exit(void)
{
	int i;

	misc_deregister(&stumble_misc);
	for (i = 0; i < NR; i++)
		if (steps[i])
			__free_page(steps[i]);
}

module_init(stumble_init);
module_exit(stumble_exit);
MODULE_LICENSE("GPL");
