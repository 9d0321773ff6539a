// SPDX-License-Identifier: MIT
/* Both questions before a write in one mapping: the first two pages are pages with page_mkwrite, those behind are pfns with pfn_mkwrite; ioctl 0x101 makes both refuse. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pfn_t.h>

#include "compat.h"

static unsigned int count_mmap, count_fault, count_page_mkwrite, count_pfn_mkwrite;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_page_mkwrite, uint, 0444);
module_param(count_pfn_mkwrite, uint, 0444);

static struct page *asked_pages[4];
static bool asked_refuses;

static vm_fault_t asked_fault(struct vm_fault *vmf)
{
	struct page *page = asked_pages[vmf->pgoff & 3];

	count_fault++;
	if (vmf->pgoff >= 2)
		return vmf_insert_mixed(vmf->vma, vmf->address, __pfn_to_pfn_t(page_to_pfn(page), PFN_DEV));
	get_page(page);
	vmf->page = page;
	return 0;
}

static vm_fault_t asked_page_mkwrite(struct vm_fault *vmf)
{
	count_page_mkwrite++;
	return asked_refuses ? VM_FAULT_SIGBUS : 0;
}

static vm_fault_t asked_pfn_mkwrite(struct vm_fault *vmf)
{
	count_pfn_mkwrite++;
	return asked_refuses ? VM_FAULT_SIGBUS : 0;
}

static const struct vm_operations_struct asked_vm_ops = {
	.fault = asked_fault,
	.page_mkwrite = asked_page_mkwrite,
	.pfn_mkwrite = asked_pfn_mkwrite,
};

static int asked_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vm_flags_set(vma, VM_MIXEDMAP | VM_DONTEXPAND);
	vma->vm_ops = &asked_vm_ops;
	return 0;
}

static long asked_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	if (cmd != 0x101)
		return -ENOTTY;
	asked_refuses = arg;
	return 0;
}

static const struct file_operations asked_fops = {
	.owner = THIS_MODULE,
	.mmap = asked_mmap,
	.unlocked_ioctl = asked_ioctl,
};

static struct miscdevice asked_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "mkwrite-plain",
	.fops = &asked_fops,
};

static void asked_free(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(asked_pages); i++)
		if (asked_pages[i])
			put_page(asked_pages[i]);
}

static int __init asked_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(asked_pages); i++) {
		asked_pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!asked_pages[i]) {
			asked_free();
			return -ENOMEM;
		}
	}
	return misc_register(&asked_device);
}

static void __exit asked_exit(void)
{
	misc_deregister(&asked_device);
	asked_free();
}

module_init(asked_init);
module_exit(asked_exit);

MODULE_DESCRIPTION("Both questions before a write in one mapping");
MODULE_LICENSE("GPL");
