// SPDX-License-Identifier: MIT
/*
 * Maps blocks of two pages that stay together: may_split refuses an odd page, mremap refuses to grow, and mprotect is asked, too (it refuses the right to
 * run code). The pages come by the fault handler, two at a time for offset 0 to 7, or were remapped for the offsets from 8 on.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap, count_open, count_close, count_may_split, count_mremap, count_mprotect, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);
module_param(count_may_split, uint, 0444);
module_param(count_mremap, uint, 0444);
module_param(count_mprotect, uint, 0444);
module_param(count_fault, uint, 0444);

#define BLOCK_ORDER 3

static struct page *block;

static void block_open(struct vm_area_struct *vma)
{
	count_open++;
}

static void block_close(struct vm_area_struct *vma)
{
	count_close++;
}

static int block_may_split(struct vm_area_struct *vma, unsigned long address)
{
	count_may_split++;
	if (((address - vma->vm_start) >> PAGE_SHIFT) & 1)
		return -EINVAL;
	return 0;
}

static int block_mremap(struct vm_area_struct *vma)
{
	count_mremap++;
	return vma_pages(vma) > 4 ? -EPERM : 0;
}

static int block_mprotect(struct vm_area_struct *vma, unsigned long start, unsigned long end, unsigned long flags)
{
	count_mprotect++;
	if (flags & VM_EXEC)
		return -EACCES;
	return end - start == PAGE_SIZE ? -EINVAL : 0;
}

static vm_fault_t block_fault(struct vm_fault *vmf)
{
	unsigned long first = vmf->pgoff & ~1UL;
	unsigned long address = vmf->address & PAGE_MASK;
	vm_fault_t result;

	count_fault++;
	if (vmf->pgoff >= 1 << BLOCK_ORDER)
		return VM_FAULT_SIGBUS;
	if (vmf->pgoff & 1)
		address -= PAGE_SIZE;
	if (address < vmf->vma->vm_start)
		return VM_FAULT_SIGBUS;
	result = vmf_insert_pfn(vmf->vma, address, page_to_pfn(block) + first);
	if (result != VM_FAULT_NOPAGE || address + PAGE_SIZE >= vmf->vma->vm_end)
		return result;
	return vmf_insert_pfn(vmf->vma, address + PAGE_SIZE, page_to_pfn(block) + first + 1);
}

static const struct vm_operations_struct block_vm_ops = {
	.open = block_open,
	.close = block_close,
	.may_split = block_may_split,
	.mremap = block_mremap,
	.mprotect = block_mprotect,
	.fault = block_fault,
};

static int block_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long bytes = vma->vm_end - vma->vm_start;

	count_mmap++;
	if ((vma->vm_flags & (VM_MAYWRITE | VM_SHARED)) == VM_MAYWRITE)
		return -EINVAL;
	vma->vm_ops = &block_vm_ops;
	if (vma->vm_pgoff < 8) {
		vm_flags_set(vma, VM_PFNMAP | VM_IO);
		return 0;
	}
	return remap_pfn_range(vma, vma->vm_start, page_to_pfn(block) + vma->vm_pgoff - 8, bytes, vma->vm_page_prot);
}

static const struct file_operations block_fops = {
	.owner = THIS_MODULE,
	.mmap = block_mmap,
};

static struct miscdevice block_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "split-rules",
	.fops = &block_fops,
};

static int __init block_init(void)
{
	int i, err;

	block = alloc_pages(GFP_KERNEL | __GFP_COMP | __GFP_ZERO, BLOCK_ORDER);
	if (!block)
		return -ENOMEM;
	for (i = 0; i < 1 << BLOCK_ORDER; i++)
		((u32 *)page_address(block))[i * 1024] = 0xb10c0 + i;
	err = misc_register(&block_device);
	if (err)
		__free_pages(block, BLOCK_ORDER);
	return err;
}
module_init(block_init);

static void __exit block_exit(void)
{
	misc_deregister(&block_device);
	__free_pages(block, BLOCK_ORDER);
}
module_exit(block_exit);

MODULE_DESCRIPTION("Maps blocks of two pages that stay together");
MODULE_LICENSE("GPL");
