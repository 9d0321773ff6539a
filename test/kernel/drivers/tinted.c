// SPDX-License-Identifier: MIT
/*
 * Entries whose rights are not those of the vma: vmf_insert_pfn_prot and its kin with a protection that the page chooses (page 0 as the vma, 1 read-only, 2 writable at once,
 * 3 none, 4 uncached, 5 execute). From offset 16 on in a mixed vma, from 32 on by remap_pfn_range. pfn_mkwrite answers what ioctl 0x501 said.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>

#include "compat.h"

static unsigned int count_mmap, count_fault, count_pfn_mkwrite, count_page_mkwrite;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_pfn_mkwrite, uint, 0444);
module_param(count_page_mkwrite, uint, 0444);

static unsigned long tinted_frames;
static vm_fault_t tinted_answer;

static pgprot_t tint(struct vm_area_struct *vma, unsigned long nr)
{
	switch (nr % 8) {
	case 1:
		return PAGE_READONLY;
	case 2:
		return PAGE_SHARED;
	case 3:
		return PAGE_NONE;
	case 4:
		return pgprot_noncached(vma->vm_page_prot);
	case 5:
		return vm_get_page_prot(VM_READ | VM_EXEC | VM_SHARED);
	default:
		return vma->vm_page_prot;
	}
}

static vm_fault_t tinted_fault(struct vm_fault *vmf)
{
	unsigned long nr = vmf->pgoff & 7;

	count_fault++;
	if (nr > 5)
		return VM_FAULT_SIGSEGV;
	return vmf_insert_pfn_prot(vmf->vma, vmf->address, (__pa(tinted_frames) >> PAGE_SHIFT) + nr, tint(vmf->vma, nr));
}

static vm_fault_t tinted_pfn_mkwrite(struct vm_fault *vmf)
{
	count_pfn_mkwrite++;
	return tinted_answer;
}

static vm_fault_t tinted_page_mkwrite(struct vm_fault *vmf)
{
	count_page_mkwrite++;
	return VM_FAULT_SIGBUS;
}

static const struct vm_operations_struct tinted_pfn_ops = {
	.fault = tinted_fault,
	.pfn_mkwrite = tinted_pfn_mkwrite,
};

static const struct vm_operations_struct tinted_mixed_ops = {
	.fault = tinted_fault,
	.pfn_mkwrite = tinted_pfn_mkwrite,
	.page_mkwrite = tinted_page_mkwrite,
};

static int tinted_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long addr, nr;
	int err;

	count_mmap++;
	switch (vma->vm_pgoff / 16) {
	case 0:
		if ((vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE)
			return -EACCES;
		vm_flags_set(vma, VM_PFNMAP);
		vma->vm_ops = &tinted_pfn_ops;
		return 0;
	case 1:
		vm_flags_set(vma, VM_MIXEDMAP);
		vma->vm_ops = &tinted_mixed_ops;
		return 0;
	case 2:
		vma->vm_ops = &tinted_pfn_ops;
		for (addr = vma->vm_start; addr < vma->vm_end; addr += PAGE_SIZE) {
			nr = linear_page_index(vma, addr) & 7;
			if (nr > 5)
				continue;
			err = remap_pfn_range(vma, addr, (__pa(tinted_frames) >> PAGE_SHIFT) + nr, PAGE_SIZE, tint(vma, nr));
			if (err)
				return err;
		}
		return 0;
	}
	return -ENXIO;
}

static long tinted_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case 0x501:
		tinted_answer = (__force vm_fault_t)arg;
		return 0;
	case 0x502:
		unmap_mapping_range(file->f_mapping, arg, PAGE_SIZE, 1);
		return 0;
	}
	return -ENOTTY;
}

static const struct file_operations tinted_fops = {
	.owner = THIS_MODULE,
	.mmap = tinted_mmap,
	.unlocked_ioctl = tinted_ioctl,
};

static struct miscdevice tinted_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "tinted",
	.fops = &tinted_fops,
};

static int __init tinted_init(void)
{
	int i;

	tinted_frames = __get_free_pages(GFP_KERNEL | __GFP_ZERO, 3);
	if (!tinted_frames)
		return -ENOMEM;
	for (i = 0; i < 8; i++)
		memset((void *)(tinted_frames + i * PAGE_SIZE), 0xc3, PAGE_SIZE);
	return misc_register(&tinted_misc);
}
module_init(tinted_init);

static void __exit tinted_exit(void)
{
	misc_deregister(&tinted_misc);
	free_pages(tinted_frames, 3);
}
module_exit(tinted_exit);
MODULE_LICENSE("GPL");
