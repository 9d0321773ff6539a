// SPDX-License-Identifier: MIT
/*
 * Inserts pfns with vmf_insert_pfn_prot and the protection that the offset selects: 0 the vma's, 1 write-combining, 2
 * uncached, 3 read-only, 4 shared and writable.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static unsigned long pfn_prot_memory;

static vm_fault_t pfn_prot_fault(struct vm_fault *vmf)
{
	pgprot_t prot = vmf->vma->vm_page_prot;

	count_fault++;
	switch (vmf->pgoff) {
	case 1:
		prot = pgprot_writecombine(prot);
		break;
	case 2:
		prot = pgprot_noncached(prot);
		break;
	case 3:
		prot = PAGE_READONLY;
		break;
	case 4:
		prot = PAGE_SHARED;
		break;
	}
	return vmf_insert_pfn_prot(vmf->vma, vmf->address, __pa(pfn_prot_memory) >> PAGE_SHIFT, prot);
}

static const struct vm_operations_struct pfn_prot_vm_ops = {
	.fault = pfn_prot_fault,
};

static int pfn_prot_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vm_flags_set(vma, VM_PFNMAP | VM_DONTEXPAND);
	vma->vm_ops = &pfn_prot_vm_ops;
	return 0;
}

static const struct file_operations pfn_prot_fops = {
	.owner = THIS_MODULE,
	.mmap = pfn_prot_mmap,
};

static struct miscdevice pfn_prot_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "pfn-prot",
	.fops = &pfn_prot_fops,
};

static int __init pfn_prot_init(void)
{
	pfn_prot_memory = get_zeroed_page(GFP_KERNEL);
	if (!pfn_prot_memory)
		return -ENOMEM;
	*(u32 *)pfn_prot_memory = 0x9407;
	return misc_register(&pfn_prot_device);
}
module_init(pfn_prot_init);

static void __exit pfn_prot_exit(void)
{
	misc_deregister(&pfn_prot_device);
	free_page(pfn_prot_memory);
}
module_exit(pfn_prot_exit);

MODULE_DESCRIPTION("Inserts pfns with vmf_insert_pfn_prot and the protection that the offset selects");
MODULE_LICENSE("GPL");
