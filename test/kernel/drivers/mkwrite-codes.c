// SPDX-License-Identifier: MIT
/*
 * Answers of page_mkwrite (offsets 0 to 15, pages) and pfn_mkwrite (offsets 16 to 31, pfns in a mixed mapping). What the offset selects in both: 0 nothing,
 * 1 LOCKED, 2 NOPAGE, 3 SIGBUS, 4 OOM, 5 RETRY, 6 SIGSEGV, 7 HWPOISON, 8 MAJOR, 9 an error number, 10 NOPAGE the first time.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/pfn_t.h>

#include "compat.h"

static unsigned int count_mmap, count_fault, count_page_mkwrite, count_pfn_mkwrite;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_page_mkwrite, uint, 0444);
module_param(count_pfn_mkwrite, uint, 0444);

static struct page *answer_page;
static int answers_given;

static vm_fault_t answer(unsigned long way, struct page *page)
{
	switch (way) {
	case 1:
		if (page)
			lock_page(page);
		return VM_FAULT_LOCKED;
	case 2:
		return VM_FAULT_NOPAGE;
	case 3:
		return VM_FAULT_SIGBUS;
	case 4:
		return VM_FAULT_OOM;
	case 5:
		return VM_FAULT_RETRY;
	case 6:
		return VM_FAULT_SIGSEGV;
	case 7:
		return VM_FAULT_HWPOISON;
	case 8:
		return VM_FAULT_MAJOR;
	case 9:
		return (__force vm_fault_t)-EIO;
	case 10:
		return answers_given++ == 0 ? VM_FAULT_NOPAGE : 0;
	}
	return 0;
}

static vm_fault_t answer_fault(struct vm_fault *vmf)
{
	count_fault++;
	if (vmf->pgoff >= 16)
		return vmf_insert_mixed(vmf->vma, vmf->address, __pfn_to_pfn_t(page_to_pfn(answer_page), PFN_DEV));
	get_page(answer_page);
	vmf->page = answer_page;
	return 0;
}

static vm_fault_t answer_mkwrite(struct vm_fault *vmf)
{
	count_page_mkwrite++;
	return answer(vmf->pgoff, vmf->page);
}

static vm_fault_t answer_pfn_mkwrite(struct vm_fault *vmf)
{
	count_pfn_mkwrite++;
	return answer(vmf->pgoff - 16, NULL);
}

static const struct vm_operations_struct answer_vm_ops = {
	.fault = answer_fault,
	.page_mkwrite = answer_mkwrite,
	.pfn_mkwrite = answer_pfn_mkwrite,
};

static int answer_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	answers_given = 0;
	if (vma->vm_pgoff >= 16)
		vm_flags_set(vma, VM_MIXEDMAP);
	vma->vm_ops = &answer_vm_ops;
	return 0;
}

static const struct file_operations answer_fops = {
	.owner = THIS_MODULE,
	.mmap = answer_mmap,
};

static struct miscdevice answer_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "mkwrite-codes",
	.fops = &answer_fops,
};

static int __init answer_init(void)
{
	answer_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!answer_page)
		return -ENOMEM;
	*(u32 *)page_address(answer_page) = 0xa45;
	return misc_register(&answer_device);
}
module_init(answer_init);

static void __exit answer_exit(void)
{
	misc_deregister(&answer_device);
	__free_page(answer_page);
}
module_exit(answer_exit);

MODULE_DESCRIPTION("Answers of page_mkwrite and pfn_mkwrite");
MODULE_LICENSE("GPL");
