// SPDX-License-Identifier: MIT
/* Maps a page with a protection of its own making: the offset chooses one of a table, and from 16 on the page comes by a fault with it. */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static struct page *prot_page;

static pgprot_t prot_of(struct vm_area_struct *vma, unsigned long way)
{
	switch (way & 15) {
	case 0:
		return PAGE_SHARED;
	case 1:
		return PAGE_READONLY;
	case 2:
		return PAGE_COPY;
	case 3:
		return vm_get_page_prot(VM_READ | VM_SHARED);
	case 4:
		return vm_get_page_prot(vma->vm_flags & ~VM_WRITE);
	case 5:
		return vm_get_page_prot(VM_READ | VM_WRITE | VM_SHARED);
	case 6:
		return pgprot_writecombine(vm_get_page_prot(vma->vm_flags));
	case 7:
		return __pgprot(pgprot_val(vma->vm_page_prot) | _PAGE_RW);
	case 8:
		return __pgprot(pgprot_val(vma->vm_page_prot) & ~_PAGE_RW);
	case 9:
		return __pgprot(pgprot_val(vma->vm_page_prot) | _PAGE_PCD);
	case 10:
		return PAGE_NONE;
	case 11:
		return pgprot_device(pgprot_writecombine(vma->vm_page_prot));
	default:
		return vma->vm_page_prot;
	}
}

static vm_fault_t prot_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;

	count_fault++;
	if (vma->vm_flags & VM_PFNMAP)
		return vmf_insert_pfn_prot(vma, vmf->address, page_to_pfn(prot_page), prot_of(vma, vma->vm_pgoff));
	get_page(prot_page);
	vmf->page = prot_page;
	return 0;
}

static const struct vm_operations_struct prot_vm_ops = {
	.fault = prot_fault,
};

/* 0 to 15: remapped; 16 to 31: a page by fault in a vma with this protection; 32 to 47: a pfn by fault with it. */
static int prot_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long way = vma->vm_pgoff;

	count_mmap++;
	vma->vm_ops = &prot_vm_ops;
	if (way >= 32) {
		vm_flags_set(vma, VM_PFNMAP);
		return 0;
	}
	if (way >= 16) {
		vma->vm_page_prot = prot_of(vma, way);
		return 0;
	}
	return remap_pfn_range(vma, vma->vm_start, page_to_pfn(prot_page), PAGE_SIZE, prot_of(vma, way));
}

static const struct file_operations prot_fops = {
	.owner = THIS_MODULE,
	.mmap = prot_mmap,
};

static struct miscdevice prot_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "protections",
	.fops = &prot_fops,
};

static int __init prot_init(void)
{
	prot_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	return prot_page ? misc_register(&prot_device) : -ENOMEM;
}
module_init(prot_init);

static void __exit prot_exit(void)
{
	misc_deregister(&prot_device);
	__free_page(prot_page);
}
module_exit(prot_exit);

MODULE_DESCRIPTION("Maps a page with a protection of its own making");
MODULE_LICENSE("GPL");
