// SPDX-License-Identifier: MIT
/*
 * Maps more than it was asked for. What the offset selects (offset / 16) of the first fault: 0 inserts all pfns of the vma, 1 inserts the pages before the
 * one that faulted too, by vm_insert_page into a mixed mapping, 2 only the neighbours and never the page itself, 3 remap_pfn_range of one page, 4 the pfn
 * with a protection of its own without writing, 5 vmf_insert_mixed, 6 the page twice, 7 a pfn that lies beyond RAM.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pfn_t.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

#define BULK_PAGES 4

static struct page *bulk_pages;

static unsigned long bulk_pfn(unsigned long page)
{
	return page_to_pfn(bulk_pages) + page % BULK_PAGES;
}

static vm_fault_t bulk_all(struct vm_area_struct *vma)
{
	vm_fault_t result = VM_FAULT_NOPAGE;
	unsigned long i;

	for (i = 0; i < vma_pages(vma) && result == VM_FAULT_NOPAGE; i++)
		result = vmf_insert_pfn(vma, vma->vm_start + i * PAGE_SIZE, bulk_pfn(i));
	return result;
}

static vm_fault_t bulk_before(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long address;
	int err = 0;

	for (address = vma->vm_start; address <= vmf->address; address += PAGE_SIZE) {
		err = vm_insert_page(vma, address, bulk_pages + (address - vma->vm_start) / PAGE_SIZE % BULK_PAGES);
		if (err && err != -EBUSY)
			return vmf_error(err);
	}
	return VM_FAULT_NOPAGE;
}

static vm_fault_t bulk_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long page = vmf->pgoff % 16;

	count_fault++;
	switch (vmf->pgoff / 16) {
	case 0:
		return bulk_all(vma);
	case 1:
		return bulk_before(vmf);
	case 2:
		if (vmf->address + PAGE_SIZE < vma->vm_end)
			return vmf_insert_pfn(vma, vmf->address + PAGE_SIZE, bulk_pfn(page + 1));
		return VM_FAULT_SIGBUS;
	case 3:
		if (remap_pfn_range(vma, vmf->address & PAGE_MASK, bulk_pfn(page), PAGE_SIZE, vma->vm_page_prot))
			return VM_FAULT_SIGBUS;
		return VM_FAULT_NOPAGE;
	case 4:
		return vmf_insert_pfn_prot(vma, vmf->address, bulk_pfn(page), PAGE_READONLY);
	case 5:
		return vmf_insert_mixed(vma, vmf->address, __pfn_to_pfn_t(bulk_pfn(page), PFN_DEV));
	case 6:
		vmf_insert_pfn(vma, vmf->address, bulk_pfn(page));
		return vmf_insert_pfn(vma, vmf->address, bulk_pfn(page + 1));
	case 7:
		return vmf_insert_pfn(vma, vmf->address, 0x100000 + page);
	}
	return VM_FAULT_SIGBUS;
}

static const struct vm_operations_struct bulk_vm_ops = {
	.fault = bulk_fault,
};

static int bulk_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long way = vma->vm_pgoff / 16;

	count_mmap++;
	if (!(vma->vm_flags & VM_SHARED) && way != 1)
		return -EINVAL;
	vm_flags_set(vma, way == 1 || way == 5 ? VM_MIXEDMAP : VM_PFNMAP);
	vma->vm_ops = &bulk_vm_ops;
	return 0;
}

static const struct file_operations bulk_fops = {
	.owner = THIS_MODULE,
	.mmap = bulk_mmap,
};

static struct miscdevice bulk_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "fault-bulk",
	.fops = &bulk_fops,
};

static int __init bulk_init(void)
{
	int i;

	bulk_pages = alloc_pages(GFP_KERNEL | __GFP_COMP | __GFP_ZERO, get_order(BULK_PAGES * PAGE_SIZE));
	if (!bulk_pages)
		return -ENOMEM;
	for (i = 0; i < BULK_PAGES; i++)
		*(u32 *)page_address(bulk_pages + i) = 0xb0 + i;
	return misc_register(&bulk_device);
}
module_init(bulk_init);

static void __exit bulk_exit(void)
{
	misc_deregister(&bulk_device);
	__free_pages(bulk_pages, get_order(BULK_PAGES * PAGE_SIZE));
}
module_exit(bulk_exit);

MODULE_DESCRIPTION("Maps more than it was asked for");
MODULE_LICENSE("GPL");
