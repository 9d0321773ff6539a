// SPDX-License-Identifier: MIT
/*
 * Touches the vma that it keeps under the wrong lock or none: ioctl 0x101 N does call N (0 insert, 1 remap, 2 insert a pfn, 3 zap, 4 look the vma up, 5 change
 * its flags, 6 change its protection, 7 insert several) without a lock, 0x102 N with the lock for reading, 0x103 N for writing.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>

#include "compat.h"

static unsigned int count_mmap, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_close, uint, 0444);

static struct vm_area_struct *kept_vma;
static struct page *kept_pages[2];

static void kept_close(struct vm_area_struct *vma)
{
	count_close++;
	if (kept_vma == vma)
		kept_vma = NULL;
}

static const struct vm_operations_struct kept_vm_ops = {
	.close = kept_close,
};

/* Even offsets are for pages, odd ones for pfns. */
static int kept_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (kept_vma)
		return -EBUSY;
	vm_flags_set(vma, vma->vm_pgoff & 1 ? VM_PFNMAP | VM_IO : VM_MIXEDMAP);
	vma->vm_ops = &kept_vm_ops;
	kept_vma = vma;
	return 0;
}

static long kept_call(unsigned long way)
{
	struct vm_area_struct *vma = kept_vma;
	unsigned long start = vma->vm_start, num = 2;

	switch (way) {
	case 0:
		return vm_insert_page(vma, start, kept_pages[0]);
	case 1:
		return remap_pfn_range(vma, start, page_to_pfn(kept_pages[0]), PAGE_SIZE, vma->vm_page_prot);
	case 2:
		return vmf_insert_pfn(vma, start, page_to_pfn(kept_pages[1])) == VM_FAULT_NOPAGE ? 0 : -EFAULT;
	case 3:
		zap_vma_ptes(vma, start, PAGE_SIZE);
		return 0;
	case 4:
		return find_vma(vma->vm_mm, start) == vma ? 0 : -ENOENT;
	case 5:
		vm_flags_set(vma, VM_DONTCOPY);
		return 0;
	case 6:
		vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
		return 0;
	case 7:
		return vm_insert_pages(vma, start, kept_pages, &num);
	}
	return -EINVAL;
}

static long kept_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	long ret;

	if (!kept_vma)
		return -ENXIO;
	switch (cmd) {
	case 0x101:
		return kept_call(arg);
	case 0x102:
		mmap_read_lock(current->mm);
		ret = kept_call(arg);
		mmap_read_unlock(current->mm);
		return ret;
	case 0x103:
		mmap_write_lock(current->mm);
		ret = kept_call(arg);
		mmap_write_unlock(current->mm);
		return ret;
	}
	return -ENOTTY;
}

static const struct file_operations kept_fops = {
	.owner = THIS_MODULE,
	.mmap = kept_mmap,
	.unlocked_ioctl = kept_ioctl,
};

static struct miscdevice kept_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "without-locks",
	.fops = &kept_fops,
};

static int __init kept_init(void)
{
	kept_pages[0] = alloc_page(GFP_KERNEL | __GFP_ZERO);
	kept_pages[1] = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!kept_pages[0] || !kept_pages[1])
		return -ENOMEM;
	return misc_register(&kept_device);
}
module_init(kept_init);

static void __exit kept_exit(void)
{
	misc_deregister(&kept_device);
	__free_page(kept_pages[0]);
	__free_page(kept_pages[1]);
}
module_exit(kept_exit);

MODULE_DESCRIPTION("Touches the vma that it keeps under the wrong lock or none");
MODULE_LICENSE("GPL");
