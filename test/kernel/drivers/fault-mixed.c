// SPDX-License-Identifier: MIT
/* Faults answered by vmf_insert_mixed: pages of RAM and of a window without struct page side by side; writes ask pfn_mkwrite first. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pfn_t.h>
#include <linux/slab.h>

#include "compat.h"

static unsigned int count_mmap, count_fault, count_pfn_mkwrite, count_page_mkwrite;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_pfn_mkwrite, uint, 0444);
module_param(count_page_mkwrite, uint, 0444);

#define MIXED_PAGES 8
#define WINDOW 0x18000000UL

static struct page *pages[MIXED_PAGES];
static unsigned long dirty;
static bool readonly;

static vm_fault_t mixed_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	pfn_t pfn;

	count_fault++;
	if (vmf->pgoff >= MIXED_PAGES)
		return VM_FAULT_SIGBUS;
	if (vmf->pgoff & 1)
		pfn = phys_to_pfn_t(WINDOW + (vmf->pgoff << PAGE_SHIFT), PFN_DEV);
	else
		pfn = page_to_pfn_t(pages[vmf->pgoff]);
	return vmf_insert_mixed(vma, vmf->address, pfn);
}

static vm_fault_t mixed_mkwrite(struct vm_fault *vmf)
{
	count_pfn_mkwrite++;
	if (readonly)
		return VM_FAULT_SIGBUS;
	dirty |= BIT(vmf->pgoff);
	return 0;
}

static vm_fault_t mixed_page_mkwrite(struct vm_fault *vmf)
{
	count_page_mkwrite++;
	return VM_FAULT_SIGBUS;
}

static const struct vm_operations_struct mixed_vm_ops = {
	.fault = mixed_fault,
	.pfn_mkwrite = mixed_mkwrite,
	.page_mkwrite = mixed_page_mkwrite,
};

static int mixed_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vm_flags_set(vma, VM_MIXEDMAP | VM_DONTDUMP);
	vma->vm_ops = &mixed_vm_ops;
	return 0;
}

static long mixed_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	long was;

	switch (cmd) {
	case 0x101:
		was = dirty;
		dirty = 0;
		return was;
	case 0x102:
		readonly = arg;
		unmap_mapping_range(file->f_mapping, 0, 0, 1);
		return 0;
	case 0x103:
		return arg < MIXED_PAGES && pages[arg] ? page_ref_count(pages[arg]) : -EINVAL;
	}
	return -ENOTTY;
}

static const struct file_operations mixed_fops = {
	.owner = THIS_MODULE,
	.mmap = mixed_mmap,
	.unlocked_ioctl = mixed_ioctl,
};

static struct miscdevice mixed_misc = { .minor = MISC_DYNAMIC_MINOR, .name = "fault-mixed", .fops = &mixed_fops };

static void free_all(void)
{
	int i;

	for (i = 0; i < MIXED_PAGES; i++)
		if (pages[i])
			__free_page(pages[i]);
}

static int __init mixed_init(void)
{
	int i, err;

	for (i = 0; i < MIXED_PAGES; i += 2) {
		pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!pages[i]) {
			free_all();
			return -ENOMEM;
		}
		*(u32 *)page_address(pages[i]) = 100 + i;
	}
	err = misc_register(&mixed_misc);
	if (err)
		free_all();
	return err;
}

static void __exit mixed_exit(void)
{
	misc_deregister(&mixed_misc);
	free_all();
}
module_init(mixed_init);
module_exit(mixed_exit);
MODULE_LICENSE("GPL");
