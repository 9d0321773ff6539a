// SPDX-License-Identifier: MIT
/*
 * Entries made by hand, as a mail of 2006 advises for memory without struct pages: VM_PFNMAP, a shared mapping, VM_DONTCOPY so that
 * fork leaves it out, and set_pte_at() for each page.
 */
#include <linux/module.h>
#include <linux/init.h>
#include <linux/fs.h>
#include <linux/mm.h>

#define DOORBELLS_MAJOR 134
#define DOORBELLS_BASE 0xf9000000UL
#define DOORBELLS 2

static int doorbells_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long pfn = DOORBELLS_BASE >> PAGE_SHIFT;
	unsigned long address;

	if (!(vma->vm_flags & VM_SHARED) || vma->vm_end - vma->vm_start != DOORBELLS * PAGE_SIZE)
		return -EINVAL;
	vma->vm_flags |= VM_IO | VM_RESERVED | VM_PFNMAP | VM_DONTCOPY;
	for (address = vma->vm_start; address < vma->vm_end; address += PAGE_SIZE) {
		spinlock_t *ptl;
		pte_t *pte = get_locked_pte(vma->vm_mm, address, &ptl);

		if (!pte)
			return -ENOMEM;
		set_pte_at(vma->vm_mm, address, pte, pfn_pte(pfn, vma->vm_page_prot));
		pte_unmap_unlock(pte, ptl);
		pfn++;
	}
	return 0;
}

static struct file_operations doorbells_fops = {
	.owner	= THIS_MODULE,
	.mmap	= doorbells_mmap,
};

static int __init doorbells_init(void)
{
	if (!request_mem_region(DOORBELLS_BASE, DOORBELLS * PAGE_SIZE, "doorbells"))
		return -EBUSY;
	return register_chrdev(DOORBELLS_MAJOR, "doorbells", &doorbells_fops);
}

module_init(doorbells_init);
