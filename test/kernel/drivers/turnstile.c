// SPDX-License-Identifier: MIT
/*
 * A fault handler with a mind of its own, one for each page: 0 copies into the page that the kernel has for a private write, 1 inserts the page and the one behind it, 2 lets the first touch wait for the second, 3 changes its answer with the flags, 4 gives the page of another
 * offset, 5 the page of zeros, 6 prefaults the whole vma, 7 unmaps what it gave before. ioctl 0x1401 tells the flags of the last fault.
 */
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pfn_t.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

#define ARMS 8

static struct page *arms[ARMS];
static unsigned int last_flags;
static int patience;

static vm_fault_t turnstile_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long nr = vmf->pgoff & 15, at;

	count_fault++;
	last_flags = vmf->flags;
	switch (nr) {
	case 0:
		if (vmf->cow_page) {
			copy_highpage(vmf->cow_page, arms[0]);
			*(u32 *)page_address(vmf->cow_page) += 0x10;
		}
		break;
	case 1:
		at = vmf->address;
		if (at + 2 * PAGE_SIZE <= vma->vm_end)
			vm_insert_page(vma, at + PAGE_SIZE, arms[2]);
		return vmf_error(vm_insert_page(vma, at, arms[1]));
	case 2:
		if (patience++ % 3 != 2)
			return VM_FAULT_NOPAGE;
		break;
	case 3:
		if (vmf->flags & FAULT_FLAG_WRITE && !(vmf->flags & FAULT_FLAG_USER))
			return VM_FAULT_SIGBUS;
		if (vmf->flags & FAULT_FLAG_REMOTE)
			return VM_FAULT_SIGSEGV;
		break;
	case 4:
		nr = 7;
		break;
	case 5:
		return vmf_insert_mixed(vma, vmf->address, pfn_to_pfn_t(page_to_pfn(ZERO_PAGE(0))));
	case 6:
		for (at = vma->vm_start; at < vma->vm_end; at += PAGE_SIZE)
			vm_insert_page(vma, at, arms[6]);
		return VM_FAULT_NOPAGE;
	case 7:
		unmap_mapping_range(vma->vm_file->f_mapping, 0, PAGE_SIZE, 1);
		break;
	default:
		return VM_FAULT_HWPOISON;
	}
	get_page(arms[nr]);
	vmf->page = arms[nr];
	return 0;
}

static const struct vm_operations_struct turnstile_vm_ops = {
	.fault = turnstile_fault,
};

static int turnstile_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vm_flags_set(vma, VM_MIXEDMAP);
	vma->vm_ops = &turnstile_vm_ops;
	return 0;
}

static long turnstile_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	if (cmd == 0x1401)
		return last_flags;
	if (cmd == 0x1402 && arg < ARMS)
		return page_count(arms[arg]);
	return -ENOTTY;
}

static const struct file_operations turnstile_fops = {
	.owner = THIS_MODULE,
	.mmap = turnstile_mmap,
	.unlocked_ioctl = turnstile_ioctl,
};

static struct miscdevice turnstile_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "turnstile",
	.fops = &turnstile_fops,
};

static int __init turnstile_init(void)
{
	int i;

	for (i = 0; i < ARMS; i++) {
		arms[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!arms[i])
			return -ENOMEM;
		*(u32 *)page_address(arms[i]) = 0xa00 + i;
	}
	return misc_register(&turnstile_misc);
}

static void __exit turnstile_exit(void)
{
	int i;

	misc_deregister(&turnstile_misc);
	for (i = 0; i < ARMS; i++)
		__free_page(arms[i]);
}
module_init(turnstile_init);
module_exit(turnstile_exit);
MODULE_LICENSE("GPL");
