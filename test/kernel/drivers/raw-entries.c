// SPDX-License-Identifier: MIT
/*
 * Writes page table entries with apply_to_page_range: special ones for offset 0, plain ones of a page that nobody counted
 * for offset 1, plain ones that it counted itself for offset 2.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static struct page *raw_entries_page;

static int raw_entries_set(pte_t *pte, unsigned long address, void *data)
{
	struct vm_area_struct *vma = data;
	pte_t entry = mk_pte(raw_entries_page, vma->vm_page_prot);

	if (vma->vm_pgoff == 0)
		entry = pte_mkspecial(entry);
	set_pte_at(vma->vm_mm, address, pte, entry);
	return 0;
}

static int raw_entries_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_pgoff > 1 || vma_pages(vma) > 2)
		return -EINVAL;
	if (vma->vm_pgoff == 0)
		vm_flags_set(vma, VM_PFNMAP | VM_IO | VM_DONTEXPAND | VM_DONTDUMP);
	return apply_to_page_range(vma->vm_mm, vma->vm_start, vma->vm_end - vma->vm_start, raw_entries_set, vma);
}

static const struct file_operations raw_entries_fops = {
	.owner = THIS_MODULE,
	.mmap = raw_entries_mmap,
};

static struct miscdevice raw_entries_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "raw-entries",
	.fops = &raw_entries_fops,
};

static int __init raw_entries_init(void)
{
	raw_entries_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!raw_entries_page)
		return -ENOMEM;
	*(u32 *)page_address(raw_entries_page) = 0x4a3;
	return misc_register(&raw_entries_device);
}
module_init(raw_entries_init);

static void __exit raw_entries_exit(void)
{
	misc_deregister(&raw_entries_device);
	__free_page(raw_entries_page);
}
module_exit(raw_entries_exit);

MODULE_DESCRIPTION("Writes page table entries with apply_to_page_range");
MODULE_LICENSE("GPL");
