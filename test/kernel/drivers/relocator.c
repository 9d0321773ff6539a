// SPDX-License-Identifier: MIT
/*
 * Keeps where its mapping lies: mmap and vm_ops->mremap note the address, and ioctl 0x101 takes the entries there away, 0x102 fills them again. Whoever unmaps
 * or moves a part of it makes the note wrong.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>

#include "compat.h"

#define RELOCATOR_ORDER 2

static unsigned int count_mmap, count_mremap, count_close, count_may_split;
module_param(count_mmap, uint, 0444);
module_param(count_mremap, uint, 0444);
module_param(count_close, uint, 0444);
module_param(count_may_split, uint, 0444);

static struct relocator {
	unsigned long start, size;
	unsigned long block;
	bool moves_refused;
} relocator;

static int relocator_mremap(struct vm_area_struct *vma)
{
	count_mremap++;
	if (relocator.moves_refused)
		return -EPERM;
	relocator.start = vma->vm_start;
	relocator.size = vma->vm_end - vma->vm_start;
	return 0;
}

static void relocator_close(struct vm_area_struct *vma)
{
	count_close++;
	if (vma->vm_start == relocator.start)
		relocator.start = 0;
}

static int relocator_may_split(struct vm_area_struct *vma, unsigned long addr)
{
	count_may_split++;
	return 0;
}

static const struct vm_operations_struct relocator_vm_ops = {
	.close = relocator_close,
	.mremap = relocator_mremap,
	.may_split = relocator_may_split,
};

static int relocator_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;

	count_mmap++;
	if (relocator.start)
		return -EBUSY;
	if (vma->vm_pgoff || size > PAGE_SIZE << RELOCATOR_ORDER)
		return -EINVAL;
	relocator.start = vma->vm_start;
	relocator.size = size;
	vma->vm_ops = &relocator_vm_ops;
	vm_flags_set(vma, VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP | VM_DONTCOPY);
	return remap_pfn_range(vma, vma->vm_start, virt_to_phys((void *)relocator.block) >> PAGE_SHIFT, size, vma->vm_page_prot);
}

static long relocator_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	long ret = 0;

	if (cmd == 0x103) {
		relocator.moves_refused = arg;
		return 0;
	}
	if (!relocator.start)
		return -ENODATA;
	mmap_write_lock(mm);
	vma = find_vma(mm, relocator.start);
	if (!vma || vma->vm_file != file || vma->vm_start > relocator.start) {
		ret = -ESTALE;
	} else if (cmd == 0x101) {
		zap_vma_ptes(vma, relocator.start, relocator.size);
	} else if (cmd == 0x102) {
		ret = remap_pfn_range(vma, relocator.start, virt_to_phys((void *)relocator.block) >> PAGE_SHIFT,
				      min(relocator.size, vma->vm_end - relocator.start), vma->vm_page_prot);
	} else {
		ret = -ENOTTY;
	}
	mmap_write_unlock(mm);
	return ret;
}

static const struct file_operations relocator_fops = {
	.owner = THIS_MODULE,
	.mmap = relocator_mmap,
	.unlocked_ioctl = relocator_ioctl,
};

static struct miscdevice relocator_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "relocator",
	.fops = &relocator_fops,
};

static int __init relocator_init(void)
{
	int err;

	relocator.block = __get_free_pages(GFP_KERNEL | __GFP_ZERO, RELOCATOR_ORDER);
	if (!relocator.block)
		return -ENOMEM;
	err = misc_register(&relocator_device);
	if (err)
		free_pages(relocator.block, RELOCATOR_ORDER);
	return err;
}

static void __exit relocator_exit(void)
{
	misc_deregister(&relocator_device);
	free_pages(relocator.block, RELOCATOR_ORDER);
}
module_init(relocator_init);
module_exit(relocator_exit);

MODULE_DESCRIPTION("Keeps where its mapping lies");
MODULE_LICENSE("GPL");
