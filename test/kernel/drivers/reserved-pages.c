// SPDX-License-Identifier: MIT
/*
 * Maps memory that was set aside at boot and has struct pages: by vm_insert_page (offset below 16), by the fault handler
 * (below 32), by vmf_insert_pfn (below 48), by vmf_insert_mixed (below 64).
 */
#include <linux/fs.h>
#include <linux/ioport.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pfn_t.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

#define WINDOW_START 0x8000000
#define WINDOW_SIZE (16 << 20)

static vm_fault_t reserved_pages_fault(struct vm_fault *vmf)
{
	unsigned long pfn = (WINDOW_START >> PAGE_SHIFT) + vmf->pgoff % 16;

	count_fault++;
	if (vmf->pgoff % 16 >= 8)
		return VM_FAULT_SIGBUS;
	if (vmf->vma->vm_flags & VM_PFNMAP)
		return vmf_insert_pfn(vmf->vma, vmf->address, pfn);
	if (vmf->vma->vm_flags & VM_MIXEDMAP)
		return vmf_insert_mixed(vmf->vma, vmf->address, __pfn_to_pfn_t(pfn, PFN_DEV));
	vmf->page = pfn_to_page(pfn);
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct reserved_pages_vm_ops = {
	.fault = reserved_pages_fault,
};

static int reserved_pages_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long i;
	int err;

	count_mmap++;
	if (vma->vm_pgoff % 16 + vma_pages(vma) > 16)
		return -EINVAL;
	switch (vma->vm_pgoff / 16) {
	case 0:
		for (i = 0; i < vma_pages(vma); i++) {
			err = vm_insert_page(vma, vma->vm_start + i * PAGE_SIZE,
					     pfn_to_page((WINDOW_START >> PAGE_SHIFT) + vma->vm_pgoff + i));
			if (err)
				return err;
		}
		return 0;
	case 1:
		break;
	case 2:
		vm_flags_set(vma, VM_PFNMAP);
		break;
	case 3:
		vm_flags_set(vma, VM_MIXEDMAP);
		break;
	default:
		return -EINVAL;
	}
	vma->vm_ops = &reserved_pages_vm_ops;
	return 0;
}

static const struct file_operations reserved_pages_fops = {
	.owner = THIS_MODULE,
	.mmap = reserved_pages_mmap,
};

static struct miscdevice reserved_pages_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "reserved-pages",
	.fops = &reserved_pages_fops,
};

static int __init reserved_pages_init(void)
{
	if (!request_mem_region(WINDOW_START, WINDOW_SIZE, "reserved_pages"))
		return -EBUSY;
	return misc_register(&reserved_pages_device);
}
module_init(reserved_pages_init);

static void __exit reserved_pages_exit(void)
{
	misc_deregister(&reserved_pages_device);
	release_mem_region(WINDOW_START, WINDOW_SIZE);
}
module_exit(reserved_pages_exit);

MODULE_DESCRIPTION("Maps memory that was set aside at boot and has struct pages");
MODULE_LICENSE("GPL");
