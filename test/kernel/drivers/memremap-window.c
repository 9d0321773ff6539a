// SPDX-License-Identifier: MIT
/*
 * Memory that was set aside at boot: memremap() gives the kernel a cached view of it. Programs get it by what the offset selects (offset / 16): 0 pfns on demand,
 * 1 the struct pages on demand, 2 the struct pages inserted, 3 all remapped, write-combining, 4 vmf_insert_mixed, 5 the last page of the window and one beyond.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pfn_t.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

#define SET_ASIDE 0x8200000UL
#define SET_ASIDE_BYTES (4 * PAGE_SIZE)

static u32 *aside;

static vm_fault_t aside_fault(struct vm_fault *vmf)
{
	unsigned long index = vmf->pgoff & 15;
	unsigned long pfn = PHYS_PFN(SET_ASIDE) + index;

	count_fault++;
	if (index >= SET_ASIDE_BYTES >> PAGE_SHIFT)
		return VM_FAULT_SIGBUS;
	switch (vmf->pgoff >> 4) {
	case 0:
		return vmf_insert_pfn(vmf->vma, vmf->address, pfn);
	case 4:
		return vmf_insert_mixed(vmf->vma, vmf->address, pfn_to_pfn_t(pfn));
	}
	vmf->page = pfn_to_page(pfn);
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct aside_vm_ops = {
	.fault = aside_fault,
};

static int aside_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;
	unsigned long pfn = PHYS_PFN(SET_ASIDE);
	unsigned long address;
	int err;

	count_mmap++;
	switch (vma->vm_pgoff >> 4) {
	case 0:
		vm_flags_set(vma, VM_PFNMAP | VM_IO | VM_DONTDUMP);
		break;
	case 1:
		break;
	case 2:
		for (address = vma->vm_start; address < vma->vm_end; address += PAGE_SIZE) {
			err = vm_insert_page(vma, address, pfn_to_page(pfn++));
			if (err)
				return err;
		}
		return 0;
	case 3:
		return remap_pfn_range(vma, vma->vm_start, pfn, size, pgprot_writecombine(vma->vm_page_prot));
	case 4:
		vm_flags_set(vma, VM_MIXEDMAP);
		break;
	case 5:
		return vm_iomap_memory(vma, SET_ASIDE + 3 * PAGE_SIZE, PAGE_SIZE + 256);
	default:
		return -EINVAL;
	}
	vma->vm_ops = &aside_vm_ops;
	return 0;
}

static const struct file_operations aside_fops = {
	.owner = THIS_MODULE,
	.mmap = aside_mmap,
};

static struct miscdevice aside_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "memremap-window",
	.fops = &aside_fops,
};

static int __init aside_init(void)
{
	int i, err = -EBUSY;

	if (!request_mem_region(SET_ASIDE, SET_ASIDE_BYTES, "memremap-window"))
		return err;
	err = -ENOMEM;
	aside = memremap(SET_ASIDE, SET_ASIDE_BYTES, MEMREMAP_WB);
	if (!aside)
		goto release;
	for (i = 0; i < 4; i++)
		aside[i * 1024] = 0xa51de + i;
	err = misc_register(&aside_device);
	if (!err)
		return 0;
	memunmap(aside);
release:
	release_mem_region(SET_ASIDE, SET_ASIDE_BYTES);
	return err;
}
module_init(aside_init);

static void __exit aside_exit(void)
{
	misc_deregister(&aside_device);
	memunmap(aside);
	release_mem_region(SET_ASIDE, SET_ASIDE_BYTES);
}
module_exit(aside_exit);

MODULE_DESCRIPTION("Memory that was set aside at boot");
MODULE_LICENSE("GPL");
