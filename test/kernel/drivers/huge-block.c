// SPDX-License-Identifier: MIT
/*
 * Maps a block of 2 MiB: offset 0 with remap_pfn_range, 1024 pages on with the pages one by one on fault, 2048 pages on with vm_insert_page of
 * the page in the middle alone, 3072 pages on with nothing at all.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

#define BLOCK_ORDER 9
#define BLOCK_PAGES (1UL << BLOCK_ORDER)

static struct page *huge_block;

static vm_fault_t huge_block_fault(struct vm_fault *vmf)
{
	unsigned long page = vmf->pgoff % 1024;

	count_fault++;
	if (page >= BLOCK_PAGES)
		return VM_FAULT_SIGBUS;
	if (vmf->pgoff >= 3072)
		return VM_FAULT_SIGBUS;
	vmf->page = huge_block + page;
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct huge_block_vm_ops = {
	.fault = huge_block_fault,
};

static int huge_block_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;
	unsigned long first = vma->vm_pgoff % 1024;

	count_mmap++;
	if (first + vma_pages(vma) > BLOCK_PAGES)
		return -EINVAL;
	switch (vma->vm_pgoff / 1024) {
	case 0:
		return remap_pfn_range(vma, vma->vm_start, page_to_pfn(huge_block) + first, size, vma->vm_page_prot);
	case 1:
		vm_flags_set(vma, VM_DONTEXPAND);
		vma->vm_ops = &huge_block_vm_ops;
		return 0;
	case 2:
		return vm_insert_page(vma, vma->vm_start, huge_block + BLOCK_PAGES / 2);
	case 3:
		vma->vm_ops = &huge_block_vm_ops;
		return 0;
	}
	return -EINVAL;
}

static const struct file_operations huge_block_fops = {
	.owner = THIS_MODULE,
	.mmap = huge_block_mmap,
};

static struct miscdevice huge_block_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "huge-block",
	.fops = &huge_block_fops,
};

static int __init huge_block_init(void)
{
	unsigned long i;
	int err;

	huge_block = alloc_pages(GFP_KERNEL | __GFP_COMP | __GFP_ZERO, BLOCK_ORDER);
	if (!huge_block)
		return -ENOMEM;
	for (i = 0; i < BLOCK_PAGES; i++)
		*(u32 *)page_address(huge_block + i) = 0xb10000 + i;
	err = misc_register(&huge_block_device);
	if (err)
		__free_pages(huge_block, BLOCK_ORDER);
	return err;
}
module_init(huge_block_init);

static void __exit huge_block_exit(void)
{
	misc_deregister(&huge_block_device);
	__free_pages(huge_block, BLOCK_ORDER);
}
module_exit(huge_block_exit);

MODULE_DESCRIPTION("Maps a block of 2 MiB");
MODULE_LICENSE("GPL");
