// SPDX-License-Identifier: MIT
/*
 * Sews in what is mapped already: each ioctl works on the page at an address of the program, under the mmap lock: 0x1601 zap_vma_ptes, 0x1602 vm_insert_page, 0x1603 vmf_insert_pfn, 0x1604 remap_pfn_range after the old entry was taken away,
 * 0x1605 vmf_insert_mixed, 0x1606 no copies for children, 0x1607 unmap_mapping_range, 0x1608 entries to come are read-only, 0x1609 tells the flags, 0x160a the count of the page, 0x160b unmaps it, 0x160c maps anonymous
 * memory there. mmap by the offset: 0 nothing, 16 pages on fault, 32 pfns on fault, 48 either in a mixed vma, 64 pfns at once.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/module.h>
#include <linux/pfn_t.h>

#include "compat.h"

static unsigned int count_mmap, count_fault, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

#define STITCHES 4

static struct page *thread;

static void bobbin_open(struct vm_area_struct *vma)
{
	count_open++;
}

static void bobbin_close(struct vm_area_struct *vma)
{
	count_close++;
}

static vm_fault_t bobbin_fault(struct vm_fault *vmf)
{
	unsigned long nr = vmf->pgoff & 15;

	count_fault++;
	if (nr >= STITCHES)
		return VM_FAULT_SIGBUS;
	if (vmf->pgoff >> 4 == 2)
		return vmf_insert_pfn(vmf->vma, vmf->address, page_to_pfn(thread + nr));
	if (vmf->pgoff >> 4 == 3 && nr & 1)
		return vmf_insert_mixed(vmf->vma, vmf->address, page_to_pfn_t(thread + nr));
	vmf->page = thread + nr;
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct bobbin_plain = {
	.open = bobbin_open,
	.close = bobbin_close,
};

static const struct vm_operations_struct bobbin_faults = {
	.open = bobbin_open,
	.close = bobbin_close,
	.fault = bobbin_fault,
};

static int bobbin_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_ops = &bobbin_plain;
	switch (vma->vm_pgoff >> 4) {
	case 0:
		return 0;
	case 1:
		break;
	case 2:
		vm_flags_set(vma, VM_PFNMAP);
		break;
	case 3:
		vm_flags_set(vma, VM_MIXEDMAP);
		break;
	case 4:
		if (vma_pages(vma) > STITCHES)
			return -EFBIG;
		return remap_pfn_range(vma, vma->vm_start, page_to_pfn(thread), vma_pages(vma) << PAGE_SHIFT, vma->vm_page_prot);
	default:
		return -ENXIO;
	}
	vma->vm_ops = &bobbin_faults;
	return 0;
}

static long bobbin_sew(struct vm_area_struct *vma, unsigned int cmd, unsigned long at)
{
	unsigned long nr = ((at - vma->vm_start) >> PAGE_SHIFT) % STITCHES;
	struct page *page = thread + nr;

	switch (cmd) {
	case 0x1601:
		zap_vma_ptes(vma, at, PAGE_SIZE);
		return 0;
	case 0x1602:
		return vm_insert_page(vma, at, page);
	case 0x1603:
		if (!(vma->vm_flags & VM_PFNMAP) || !(vma->vm_flags & VM_SHARED))
			return -EOPNOTSUPP;
		return vmf_insert_pfn(vma, at, page_to_pfn(page));
	case 0x1604:
		unmap_mapping_range(vma->vm_file->f_mapping, ((loff_t)vma->vm_pgoff << PAGE_SHIFT) + (at - vma->vm_start), PAGE_SIZE, 1);
		zap_vma_ptes(vma, at, PAGE_SIZE);
		return remap_pfn_range(vma, at, page_to_pfn(page), PAGE_SIZE, vma->vm_page_prot);
	case 0x1605:
		if (!(vma->vm_flags & VM_MIXEDMAP))
			return -EOPNOTSUPP;
		return vmf_insert_mixed(vma, at, page_to_pfn_t(page));
	case 0x1606:
		vm_flags_set(vma, VM_DONTCOPY);
		return 0;
	case 0x1608:
		vma->vm_page_prot = PAGE_READONLY;
		return 0;
	case 0x1609:
		return vma->vm_flags & (VM_READ | VM_WRITE | VM_SHARED | VM_MAYWRITE | VM_PFNMAP | VM_DONTCOPY | VM_LOCKED | VM_IO);
	}
	return -ENOTTY;
}

static long bobbin_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct vm_area_struct *vma;
	long ret = -EFAULT;

	arg &= PAGE_MASK;
	if (cmd == 0x1607) {
		unmap_mapping_range(file->f_mapping, 0, 0, 1);
		return 0;
	}
	if (cmd == 0x160a)
		return page_count(thread);
	if (cmd == 0x160b)
		return vm_munmap(arg, PAGE_SIZE);
	if (cmd == 0x160c)
		return IS_ERR_VALUE(vm_mmap(NULL, arg, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, 0)) ? -EIO : 0;
	mmap_write_lock(current->mm);
	vma = vma_lookup(current->mm, arg);
	if (vma && vma->vm_file == file)
		ret = bobbin_sew(vma, cmd, arg);
	mmap_write_unlock(current->mm);
	return ret;
}

static const struct file_operations bobbin_fops = {
	.owner = THIS_MODULE,
	.mmap = bobbin_mmap,
	.unlocked_ioctl = bobbin_ioctl,
};

static struct miscdevice bobbin_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "bobbin",
	.fops = &bobbin_fops,
};

static int __init bobbin_init(void)
{
	int i;

	thread = alloc_pages(GFP_KERNEL | __GFP_ZERO, 2);
	if (!thread)
		return -ENOMEM;
	split_page(thread, 2);
	for (i = 0; i < STITCHES; i++)
		*(u32 *)page_address(thread + i) = 0xb0b + i;
	return misc_register(&bobbin_misc);
}

static void __exit bobbin_exit(void)
{
	int i;

	misc_deregister(&bobbin_misc);
	for (i = 0; i < STITCHES; i++)
		__free_page(thread + i);
}
module_init(bobbin_init);
module_exit(bobbin_exit);
MODULE_LICENSE("GPL");
