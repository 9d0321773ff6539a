// SPDX-License-Identifier: MIT
/*
 * One mapping of both: a header page that is inserted when it is mapped, and behind it a data area whose pfns come on demand by
 * vmf_insert_mixed(). The debugger's reads are answered by access for the data area alone.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pfn_t.h>

#include "compat.h"

static unsigned int count_mmap, count_fault, count_access, count_pfn_mkwrite;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_access, uint, 0444);
module_param(count_pfn_mkwrite, uint, 0444);

#define DATA_PAGES 2

static struct page *both_header;
static void *both_data;

static vm_fault_t both_fault(struct vm_fault *vmf)
{
	unsigned long pfn;

	count_fault++;
	if (vmf->pgoff == 0) {
		get_page(both_header);
		vmf->page = both_header;
		return 0;
	}
	if (vmf->pgoff > DATA_PAGES)
		return VM_FAULT_SIGBUS;
	pfn = (virt_to_phys(both_data) >> PAGE_SHIFT) + vmf->pgoff - 1;
	return vmf_insert_mixed(vmf->vma, vmf->address, __pfn_to_pfn_t(pfn, PFN_DEV));
}

static vm_fault_t both_pfn_mkwrite(struct vm_fault *vmf)
{
	count_pfn_mkwrite++;
	return vmf->pgoff == DATA_PAGES ? VM_FAULT_SIGBUS : 0;
}

static int both_access(struct vm_area_struct *vma, unsigned long address, void *buffer, int length, int write)
{
	unsigned long offset = address - vma->vm_start + (vma->vm_pgoff << PAGE_SHIFT);

	count_access++;
	if (offset < PAGE_SIZE || offset >= (1 + DATA_PAGES) * PAGE_SIZE)
		return -EINVAL;
	offset -= PAGE_SIZE;
	length = min_t(unsigned long, length, DATA_PAGES * PAGE_SIZE - offset);
	if (write)
		memcpy(both_data + offset, buffer, length);
	else
		memcpy(buffer, both_data + offset, length);
	return length;
}

static const struct vm_operations_struct both_vm_ops = {
	.fault = both_fault,
	.pfn_mkwrite = both_pfn_mkwrite,
	.access = both_access,
};

static int both_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vm_flags_set(vma, VM_MIXEDMAP | VM_DONTEXPAND);
	vma->vm_ops = &both_vm_ops;
	if (vma->vm_pgoff != 0)
		return 0;
	return vm_insert_page(vma, vma->vm_start, both_header);
}

static const struct file_operations both_fops = {
	.owner = THIS_MODULE,
	.mmap = both_mmap,
};

static struct miscdevice both_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "page-and-pfn",
	.fops = &both_fops,
};

static int __init both_init(void)
{
	int err = -ENOMEM;

	both_header = alloc_page(GFP_KERNEL | __GFP_ZERO);
	both_data = alloc_pages_exact(DATA_PAGES * PAGE_SIZE, GFP_KERNEL | __GFP_ZERO);
	if (!both_header || !both_data)
		goto failed;
	*(u32 *)page_address(both_header) = 0xead;
	*(u32 *)both_data = 0xda7a;
	err = misc_register(&both_device);
	if (err)
		goto failed;
	return 0;
failed:
	if (both_data)
		free_pages_exact(both_data, DATA_PAGES * PAGE_SIZE);
	if (both_header)
		__free_page(both_header);
	return err;
}
module_init(both_init);

static void __exit both_exit(void)
{
	misc_deregister(&both_device);
	free_pages_exact(both_data, DATA_PAGES * PAGE_SIZE);
	__free_page(both_header);
}
module_exit(both_exit);

MODULE_DESCRIPTION("A header page and a data area of pfns in one mapping");
MODULE_LICENSE("GPL");
