// SPDX-License-Identifier: MIT
/*
 * Has a huge_fault function besides fault: for a whole PMD it falls back (offset 0), answers SIGBUS (offset 1024), says that all is done although nothing is (offset
 * 2048 pages), and counts itself for ioctl 0x101. The pages are four, again and again.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/version.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static struct page *large_pages[4];
static unsigned int large_asked;

static vm_fault_t large_fault(struct vm_fault *vmf)
{
	struct page *page = large_pages[vmf->pgoff & 3];

	count_fault++;
	get_page(page);
	vmf->page = page;
	return 0;
}

static vm_fault_t large_answer(struct vm_fault *vmf)
{
	large_asked++;
	switch (vmf->pgoff >> 10) {
	case 0:
		return VM_FAULT_FALLBACK;
	case 1:
		return VM_FAULT_SIGBUS;
	}
	return large_asked > 2 ? VM_FAULT_FALLBACK : VM_FAULT_NOPAGE;
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
static vm_fault_t large_huge_fault(struct vm_fault *vmf, enum page_entry_size size)
{
	if (size != PE_SIZE_PMD)
		return VM_FAULT_FALLBACK;
	return large_answer(vmf);
}
#else
static vm_fault_t large_huge_fault(struct vm_fault *vmf, unsigned int order)
{
	if (order != PMD_ORDER)
		return VM_FAULT_FALLBACK;
	return large_answer(vmf);
}
#endif

static const struct vm_operations_struct large_vm_ops = {
	.fault = large_fault,
	.huge_fault = large_huge_fault,
};

static int large_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_ops = &large_vm_ops;
	if (vma->vm_pgoff & 16)
		vm_flags_set(vma, VM_HUGEPAGE);
	return 0;
}

static long large_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	return command == 0x101 ? large_asked : -ENOTTY;
}

static const struct file_operations large_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = large_ioctl,
	.mmap = large_mmap,
};

static struct miscdevice large_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "large-fault",
	.fops = &large_fops,
};

static int __init large_init(void)
{
	int i;

	for (i = 0; i < 4; i++) {
		large_pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!large_pages[i])
			return -ENOMEM;
		*(u32 *)page_address(large_pages[i]) = 0x1a49e + i;
	}
	return misc_register(&large_device);
}
module_init(large_init);

static void __exit large_exit(void)
{
	int i;

	misc_deregister(&large_device);
	for (i = 0; i < 4; i++)
		__free_page(large_pages[i]);
}
module_exit(large_exit);

MODULE_DESCRIPTION("Is asked for large pages");
MODULE_LICENSE("GPL");
