// SPDX-License-Identifier: MIT
/* A compound block of 16 pages: its pages are inserted, faulted, or remapped, by the offset; counts of head and tails are told. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static struct page *block;
static unsigned int order = 4;
module_param(order, uint, 0444);

static vm_fault_t compound_fault(struct vm_fault *vmf)
{
	unsigned long index = vmf->pgoff & 0xff;

	count_fault++;
	if (index >= (1UL << order))
		return VM_FAULT_SIGBUS;
	vmf->page = nth_page(block, index);
	get_page(vmf->page);
	return 0;
}

static vm_fault_t compound_pfn_fault(struct vm_fault *vmf)
{
	unsigned long index = vmf->pgoff & 0xff;

	count_fault++;
	if (index >= (1UL << order))
		return VM_FAULT_SIGBUS;
	return vmf_insert_pfn_prot(vmf->vma, vmf->address, page_to_pfn(block) + index, vmf->vma->vm_page_prot);
}

static const struct vm_operations_struct compound_ops = { .fault = compound_fault };
static const struct vm_operations_struct compound_pfn_ops = { .fault = compound_pfn_fault };

static int compound_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long way = vma->vm_pgoff >> 8, first = vma->vm_pgoff & 0xff, i, n = vma_pages(vma);
	int err = 0;

	count_mmap++;
	if (first + n > (1UL << order) && way < 3)
		return -EINVAL;
	switch (way) {
	case 0:
		vma->vm_ops = &compound_ops;
		break;
	case 1:
		for (i = 0; i < n && !err; i++)
			err = vm_insert_page(vma, vma->vm_start + i * PAGE_SIZE, block + first + i);
		break;
	case 2:
		err = remap_pfn_range(vma, vma->vm_start, page_to_pfn(block) + first, n << PAGE_SHIFT, vma->vm_page_prot);
		break;
	case 3:
		vm_flags_set(vma, VM_PFNMAP | VM_DONTEXPAND);
		vma->vm_ops = &compound_pfn_ops;
		break;
	default:
		err = -EINVAL;
	}
	return err;
}

static long compound_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct page *page = block + (arg & 15);

	switch (cmd) {
	case 0x101:
		return page_count(page);
	case 0x102:
		return PageCompound(page) * 100 + PageHead(page) * 10 + PageTail(page);
	case 0x103:
		return page_to_pfn(compound_head(page)) - page_to_pfn(block);
	case 0x104:
		return compound_order(compound_head(page));
	case 0x105:
		return page_size(block) >> PAGE_SHIFT;
	}
	return -ENOTTY;
}

static const struct file_operations compound_fops = {
	.owner = THIS_MODULE,
	.mmap = compound_mmap,
	.unlocked_ioctl = compound_ioctl,
};

static struct miscdevice compound_misc = { .minor = MISC_DYNAMIC_MINOR, .name = "compound-map", .fops = &compound_fops };

static int __init compound_init(void)
{
	int i, err;

	block = alloc_pages(GFP_KERNEL | __GFP_COMP | __GFP_ZERO, order);
	if (!block)
		return -ENOMEM;
	for (i = 0; i < 1 << order; i++)
		*(u32 *)(page_address(block) + i * PAGE_SIZE) = 0x1000 + i;
	err = misc_register(&compound_misc);
	if (err)
		__free_pages(block, order);
	return err;
}

static void __exit compound_exit(void)
{
	misc_deregister(&compound_misc);
	__free_pages(block, order);
}
module_init(compound_init);
module_exit(compound_exit);
MODULE_LICENSE("GPL");
