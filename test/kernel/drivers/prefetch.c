// SPDX-License-Identifier: MIT
/*
 * A window whose driver maps around the touched page: map_pages puts pfns at the even pages that it is asked for, fault the rest. ioctl 0x601 turns the even ones off, 0x602 makes
 * map_pages say that it mapped the page although it did not, for as many times as its argument says; 0x603 takes all entries away.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap, count_fault, count_map_pages;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_map_pages, uint, 0444);

#define PREFETCH_PAGES 8

struct prefetch {
	struct page *block;
	bool off;
	unsigned int lies;
	struct address_space *mapping;
};

static struct prefetch around;

static vm_fault_t prefetch_map_pages(struct vm_fault *vmf, pgoff_t first, pgoff_t last)
{
	struct vm_area_struct *vma = vmf->vma;
	vm_fault_t got = 0;
	pgoff_t at;

	count_map_pages++;
	if (around.lies) {
		around.lies--;
		return VM_FAULT_NOPAGE;
	}
	if (around.off)
		return 0;
	for (at = first; at <= last && at < PREFETCH_PAGES; at++) {
		unsigned long address = vma->vm_start + ((at - vma->vm_pgoff) << PAGE_SHIFT);

		if (at & 1)
			continue;
		vmf_insert_pfn(vma, address, page_to_pfn(around.block) + at);
		if (at == vmf->pgoff)
			got = VM_FAULT_NOPAGE;
	}
	return got;
}

static vm_fault_t prefetch_fault(struct vm_fault *vmf)
{
	count_fault++;
	if (vmf->pgoff >= PREFETCH_PAGES)
		return VM_FAULT_SIGBUS;
	return vmf_insert_pfn(vmf->vma, vmf->address, page_to_pfn(around.block) + vmf->pgoff);
}

static const struct vm_operations_struct prefetch_vm_ops = {
	.fault = prefetch_fault,
	.map_pages = prefetch_map_pages,
};

static int prefetch_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (!(vma->vm_flags & VM_SHARED) && (vma->vm_flags & VM_MAYWRITE))
		vm_flags_clear(vma, VM_MAYWRITE | VM_WRITE);
	vm_flags_set(vma, VM_PFNMAP | VM_DONTEXPAND);
	vma->vm_ops = &prefetch_vm_ops;
	around.mapping = file->f_mapping;
	return 0;
}

static long prefetch_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	if (cmd == 0x601) {
		around.off = arg;
	} else if (cmd == 0x602) {
		around.lies = arg;
	} else if (cmd == 0x603) {
		if (!around.mapping)
			return -ENODEV;
		unmap_mapping_range(around.mapping, 0, PREFETCH_PAGES << PAGE_SHIFT, 1);
	} else {
		return -ENOTTY;
	}
	return 0;
}

static const struct file_operations prefetch_fops = {
	.owner = THIS_MODULE,
	.mmap = prefetch_mmap,
	.unlocked_ioctl = prefetch_ioctl,
};

static struct miscdevice prefetch_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "prefetch",
	.fops = &prefetch_fops,
};

static int __init prefetch_init(void)
{
	int i;

	around.block = alloc_pages(GFP_KERNEL | __GFP_COMP | __GFP_ZERO, 3);
	if (!around.block)
		return -ENOMEM;
	for (i = 0; i < PREFETCH_PAGES; i++)
		*(u32 *)page_address(nth_page(around.block, i)) = 0xfe00 + i;
	return misc_register(&prefetch_misc);
}

static void __exit prefetch_exit(void)
{
	misc_deregister(&prefetch_misc);
	__free_pages(around.block, 3);
}

module_init(prefetch_init);
module_exit(prefetch_exit);
MODULE_LICENSE("GPL");
