// SPDX-License-Identifier: MIT
/*
 * Reaches what programs have mapped from a driver: ioctl 0x101 pins the page at an address for writing and adds one to its first byte, 0x102 takes a reference for
 * reading alone and tells the first byte, 0x103 tells the flags of the vma there, 0x104 unmaps a page there, 0x105 copies a byte by copy_from_user. The mapping
 * is one of pages (offset 0), of pfns (16), of pages of a mixed vma (32), of pfns of a mixed vma (48).
 */
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/uaccess.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

#define OWN_PAGES 2

static struct page *own_pages[OWN_PAGES];

static vm_fault_t own_fault(struct vm_fault *vmf)
{
	unsigned long index = vmf->pgoff & 15;
	struct page *page;

	count_fault++;
	if (index >= OWN_PAGES)
		return VM_FAULT_SIGBUS;
	page = own_pages[index];
	switch (vmf->pgoff >> 4) {
	case 0:
		get_page(page);
		vmf->page = page;
		return 0;
	case 1:
		return vmf_insert_pfn(vmf->vma, vmf->address, page_to_pfn(page));
	case 2:
		return vmf_error(vm_insert_page(vmf->vma, vmf->address, page));
	default:
		return vmf_insert_pfn_prot(vmf->vma, vmf->address, page_to_pfn(page), vmf->vma->vm_page_prot);
	}
}

static const struct vm_operations_struct own_vm_ops = {
	.fault = own_fault,
};

static int own_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	switch (vma->vm_pgoff >> 4) {
	case 0:
		break;
	case 1:
		vm_flags_set(vma, VM_PFNMAP);
		break;
	case 2:
	case 3:
		vm_flags_set(vma, VM_MIXEDMAP);
		break;
	default:
		return -ENXIO;
	}
	vma->vm_ops = &own_vm_ops;
	return 0;
}

static long own_touch(unsigned long address, bool write)
{
	struct page *page;
	long result;
	u8 *byte;

	result = get_user_pages_fast(address, 1, write ? FOLL_WRITE : 0, &page);
	if (result != 1)
		return result;
	byte = kmap_local_page(page);
	if (write)
		byte[offset_in_page(address)]++;
	result = byte[offset_in_page(address)];
	kunmap_local(byte);
	if (write)
		set_page_dirty_lock(page);
	put_page(page);
	return result;
}

static long own_flags(unsigned long address)
{
	struct vm_area_struct *vma;
	long result = -ENOENT;

	mmap_read_lock(current->mm);
	vma = find_vma(current->mm, address);
	if (vma && vma->vm_start <= address)
		result = vma->vm_flags & (VM_READ | VM_WRITE | VM_SHARED | VM_PFNMAP | VM_MIXEDMAP | VM_IO | VM_DONTCOPY);
	mmap_read_unlock(current->mm);
	return result;
}

static long own_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	u8 byte;

	switch (command) {
	case 0x101:
		return own_touch(argument, true);
	case 0x102:
		return own_touch(argument, false);
	case 0x103:
		return own_flags(argument);
	case 0x104:
		return vm_munmap(argument & PAGE_MASK, PAGE_SIZE);
	case 0x105:
		if (copy_from_user(&byte, (void __user *)argument, 1))
			return -EFAULT;
		return byte;
	}
	return -ENOTTY;
}

static const struct file_operations own_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = own_ioctl,
	.mmap = own_mmap,
};

static struct miscdevice own_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "gup-own",
	.fops = &own_fops,
};

static int __init own_init(void)
{
	int i;

	for (i = 0; i < OWN_PAGES; i++) {
		own_pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!own_pages[i])
			return -ENOMEM;
		memset(page_address(own_pages[i]), 0x20 + i, 64);
	}
	return misc_register(&own_device);
}
module_init(own_init);

static void __exit own_exit(void)
{
	int i;

	misc_deregister(&own_device);
	for (i = 0; i < OWN_PAGES; i++)
		__free_page(own_pages[i]);
}
module_exit(own_exit);

MODULE_DESCRIPTION("Reaches what programs have mapped from a driver");
MODULE_LICENSE("GPL");
