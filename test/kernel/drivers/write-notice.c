// SPDX-License-Identifier: MIT
/*
 * Pfns that are given read-only and made writable by pfn_mkwrite, which counts the writes that it sees. What the offset selects (offset / 16): 0 a pfn with the
 * vma's protection, 1 with the protection of reading, 2 the same in a mixed vma, 3 a fault handler that inserts for writing at once when the fault is a write.
 * ioctl 0x101 takes the entries away, 0x102 tells the number of writes.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pfn_t.h>
#include <linux/slab.h>

#include "compat.h"

static unsigned int count_mmap, count_fault, count_pfn_mkwrite;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_pfn_mkwrite, uint, 0444);

#define NOTICE_ORDER 1

static unsigned long notice_memory;
static unsigned int notice_writes;

static vm_fault_t notice_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long index = vmf->pgoff & 15;
	unsigned long pfn = PHYS_PFN(virt_to_phys((void *)notice_memory)) + index;
	pgprot_t read_only = vm_get_page_prot(vma->vm_flags & ~VM_SHARED);

	count_fault++;
	if (index >= 1 << NOTICE_ORDER)
		return VM_FAULT_SIGBUS;
	switch (vmf->pgoff >> 4) {
	case 0:
		return vmf_insert_pfn(vma, vmf->address, pfn);
	case 1:
		return vmf_insert_pfn_prot(vma, vmf->address, pfn, read_only);
	case 2:
		return vmf_insert_mixed(vma, vmf->address, __pfn_to_pfn_t(pfn, PFN_DEV));
	default:
		if (vmf->flags & FAULT_FLAG_WRITE)
			notice_writes += 100;
		return vmf_insert_pfn_prot(vma, vmf->address, pfn, vmf->flags & FAULT_FLAG_WRITE ? vma->vm_page_prot : read_only);
	}
}

static vm_fault_t notice_pfn_mkwrite(struct vm_fault *vmf)
{
	count_pfn_mkwrite++;
	notice_writes++;
	return 0;
}

static const struct vm_operations_struct notice_vm_ops = {
	.fault = notice_fault,
	.pfn_mkwrite = notice_pfn_mkwrite,
};

static int notice_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_pgoff >> 4 > 3)
		return -EINVAL;
	vm_flags_set(vma, vma->vm_pgoff >> 4 == 2 ? VM_MIXEDMAP : VM_PFNMAP);
	vma->vm_ops = &notice_vm_ops;
	return 0;
}

static long notice_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	if (command == 0x101) {
		unmap_mapping_range(file->f_mapping, argument << PAGE_SHIFT, PAGE_SIZE, 0);
		return 0;
	}
	return command == 0x102 ? notice_writes : -ENOTTY;
}

static const struct file_operations notice_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = notice_ioctl,
	.mmap = notice_mmap,
};

static struct miscdevice notice_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "write-notice",
	.fops = &notice_fops,
};

static int __init notice_init(void)
{
	int err;

	notice_memory = __get_free_pages(GFP_KERNEL | __GFP_ZERO, NOTICE_ORDER);
	if (!notice_memory)
		return -ENOMEM;
	*(u32 *)notice_memory = 0x107;
	err = misc_register(&notice_device);
	if (err)
		free_pages(notice_memory, NOTICE_ORDER);
	return err;
}
module_init(notice_init);

static void __exit notice_exit(void)
{
	misc_deregister(&notice_device);
	free_pages(notice_memory, NOTICE_ORDER);
}
module_exit(notice_exit);

MODULE_DESCRIPTION("Pfns that are given read-only and counted when they are written");
MODULE_LICENSE("GPL");
