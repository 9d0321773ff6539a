// SPDX-License-Identifier: MIT
/*
 * Inserts with vmf_insert_mixed and what the offset selects (offset / 16): 0 VM_MIXEDMAP, 1 none of the flags, 2
 * VM_PFNMAP, 3 VM_MIXEDMAP and a pfn without PFN_DEV, 4 VM_MIXEDMAP and VM_DONTEXPAND, 5 an address outside the vma.
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

static unsigned long mixed_flags_memory;

static vm_fault_t mixed_flags_fault(struct vm_fault *vmf)
{
	unsigned long pfn = (__pa(mixed_flags_memory) >> PAGE_SHIFT) + (vmf->pgoff & 1);
	unsigned long address = vmf->pgoff / 16 == 5 ? vmf->vma->vm_end : vmf->address;

	count_fault++;
	return vmf_insert_mixed(vmf->vma, address, __pfn_to_pfn_t(pfn, vmf->pgoff / 16 == 3 ? 0 : PFN_DEV));
}

static const struct vm_operations_struct mixed_flags_vm_ops = {
	.fault = mixed_flags_fault,
};

static int mixed_flags_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	switch (vma->vm_pgoff / 16) {
	case 0:
	case 3:
	case 5:
		vm_flags_set(vma, VM_MIXEDMAP);
		break;
	case 2:
		vm_flags_set(vma, VM_PFNMAP);
		break;
	case 4:
		vm_flags_set(vma, VM_MIXEDMAP | VM_DONTEXPAND);
		break;
	}
	vma->vm_ops = &mixed_flags_vm_ops;
	return 0;
}

static const struct file_operations mixed_flags_fops = {
	.owner = THIS_MODULE,
	.mmap = mixed_flags_mmap,
};

static struct miscdevice mixed_flags_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "mixed-flags",
	.fops = &mixed_flags_fops,
};

static int __init mixed_flags_init(void)
{
	mixed_flags_memory = __get_free_pages(GFP_KERNEL | __GFP_ZERO, 1);
	if (!mixed_flags_memory)
		return -ENOMEM;
	*(u32 *)mixed_flags_memory = 0x313ed;
	return misc_register(&mixed_flags_device);
}
module_init(mixed_flags_init);

static void __exit mixed_flags_exit(void)
{
	misc_deregister(&mixed_flags_device);
	free_pages(mixed_flags_memory, 1);
}
module_exit(mixed_flags_exit);

MODULE_DESCRIPTION("Inserts with vmf_insert_mixed and what the offset selects (offset / 16)");
MODULE_LICENSE("GPL");
