// SPDX-License-Identifier: MIT
/*
 * One folio of four pages. What the offset selects (offset / 16): 0 its pages by the fault handler, 1 inserted by one vm_insert_pages, 2 remapped, 3 the folio's first
 * page alone again and again, 4 the fault handler locks the folio. ioctl 0x101 gives the driver's reference back and takes a new folio.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

#define FOLIO_ORDER 2

static struct folio *block;

static struct folio *block_new(void)
{
	struct folio *folio = folio_alloc(GFP_KERNEL | __GFP_ZERO, FOLIO_ORDER);
	long i;

	if (folio)
		for (i = 0; i < folio_nr_pages(folio); i++)
			*(u32 *)page_address(folio_page(folio, i)) = 0xf0110 + i;
	return folio;
}

static vm_fault_t block_fault(struct vm_fault *vmf)
{
	unsigned long index = vmf->pgoff & 15;

	count_fault++;
	if (vmf->pgoff >> 4 == 3)
		index = 0;
	if (index >= folio_nr_pages(block))
		return VM_FAULT_SIGBUS;
	folio_get(block);
	vmf->page = folio_page(block, index);
	if (vmf->pgoff >> 4 == 4) {
		folio_lock(block);
		return VM_FAULT_LOCKED | VM_FAULT_MAJOR;
	}
	return 0;
}

static const struct vm_operations_struct block_vm_ops = {
	.fault = block_fault,
};

static int block_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct page *pages[1 << FOLIO_ORDER];
	unsigned long count = vma_pages(vma);
	unsigned long i;

	count_mmap++;
	switch (vma->vm_pgoff >> 4) {
	case 0:
	case 3:
	case 4:
		vma->vm_ops = &block_vm_ops;
		return 0;
	case 1:
		if (count > ARRAY_SIZE(pages))
			return -EINVAL;
		for (i = 0; i < count; i++)
			pages[i] = folio_page(block, i);
		return vm_insert_pages(vma, vma->vm_start, pages, &count);
	case 2:
		return remap_pfn_range(vma, vma->vm_start, folio_pfn(block), min(count << PAGE_SHIFT, folio_size(block)), vma->vm_page_prot);
	}
	return -ENODEV;
}

static long block_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct folio *folio;

	switch (command) {
	case 0x101:
		folio = block_new();
		if (!folio)
			return -ENOMEM;
		folio_put(block);
		block = folio;
		return 0;
	case 0x102:
		return folio_ref_count(block);
	case 0x103:
		return folio_test_large(block) << 1 | folio_mapped(block);
	}
	return -ENOTTY;
}

static const struct file_operations block_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = block_ioctl,
	.mmap = block_mmap,
};

static struct miscdevice block_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "folio-block",
	.fops = &block_fops,
};

static int __init block_init(void)
{
	int err;

	block = block_new();
	if (!block)
		return -ENOMEM;
	err = misc_register(&block_device);
	if (err)
		folio_put(block);
	return err;
}
module_init(block_init);

static void __exit block_exit(void)
{
	misc_deregister(&block_device);
	folio_put(block);
}
module_exit(block_exit);

MODULE_DESCRIPTION("One folio of four pages");
MODULE_LICENSE("GPL");
