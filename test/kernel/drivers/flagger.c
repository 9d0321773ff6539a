// SPDX-License-Identifier: MIT
/* Adds (ioctl 0x101) and takes away (0x102) any flags of the vma, before it remaps a page or two (even offsets) or leaves them to its fault handler (odd ones). */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap, count_fault, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

struct flagger {
	unsigned long set, clear;
	struct page *block;
};

static struct flagger flagger;

static vm_fault_t flagger_fault(struct vm_fault *vmf)
{
	struct flagger *f = vmf->vma->vm_private_data;

	count_fault++;
	vmf->page = f->block + (vmf->address - vmf->vma->vm_start) / PAGE_SIZE % 2;
	get_page(vmf->page);
	return 0;
}

static void flagger_open(struct vm_area_struct *vma)
{
	count_open++;
}

static void flagger_close(struct vm_area_struct *vma)
{
	count_close++;
}

static const struct vm_operations_struct flagger_vm_ops = {
	.open = flagger_open,
	.close = flagger_close,
	.fault = flagger_fault,
};

static int flagger_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct flagger *f = &flagger;

	count_mmap++;
	vm_flags_set(vma, f->set);
	vm_flags_clear(vma, f->clear);
	vma->vm_private_data = f;
	vma->vm_ops = &flagger_vm_ops;
	if (vma->vm_pgoff & 1)
		return 0;
	return remap_pfn_range(vma, vma->vm_start, page_to_pfn(f->block), min(vma->vm_end - vma->vm_start, 2 * PAGE_SIZE),
			       vma->vm_page_prot);
}

static long flagger_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case 0x101:
		flagger.set = arg;
		break;
	case 0x102:
		flagger.clear = arg;
		break;
	default:
		return -EINVAL;
	}
	return 0;
}

static const struct file_operations flagger_fops = {
	.owner = THIS_MODULE,
	.mmap = flagger_mmap,
	.unlocked_ioctl = flagger_ioctl,
};

static struct miscdevice flagger_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "flagger",
	.fops = &flagger_fops,
};

static int __init flagger_init(void)
{
	flagger.block = alloc_pages(GFP_KERNEL | __GFP_ZERO | __GFP_COMP, 1);
	if (!flagger.block)
		return -ENOMEM;
	return misc_register(&flagger_device);
}

static void __exit flagger_exit(void)
{
	misc_deregister(&flagger_device);
	__free_pages(flagger.block, 1);
}

module_init(flagger_init);
module_exit(flagger_exit);

MODULE_DESCRIPTION("Adds and takes away any flags of the vma");
MODULE_LICENSE("GPL");
