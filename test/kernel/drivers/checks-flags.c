// SPDX-License-Identifier: MIT
/*
 * Checks how it is mapped, as strict drivers do: private mappings get EINVAL, executable ones EPERM, lengths other than
 * the file's mode allows EINVAL: files opened for writing map two pages, others one.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static struct page *checks_flags_pages[2];

static int checks_flags_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long wanted = file->f_mode & FMODE_WRITE ? 2 : 1;
	unsigned long i;
	int err;

	count_mmap++;
	if ((vma->vm_flags & (VM_SHARED | VM_MAYSHARE)) == 0)
		return -EINVAL;
	if (vma->vm_flags & VM_EXEC)
		return -EPERM;
	if (vma_pages(vma) != wanted)
		return -EINVAL;
	vm_flags_clear(vma, VM_MAYEXEC);
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP | VM_DONTCOPY);
	for (i = 0; i < wanted; i++) {
		err = vm_insert_page(vma, vma->vm_start + i * PAGE_SIZE, checks_flags_pages[i]);
		if (err)
			return err;
	}
	return 0;
}

static const struct file_operations checks_flags_fops = {
	.owner = THIS_MODULE,
	.mmap = checks_flags_mmap,
};

static struct miscdevice checks_flags_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "checks-flags",
	.fops = &checks_flags_fops,
};

static int __init checks_flags_init(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		checks_flags_pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!checks_flags_pages[i])
			return -ENOMEM;
	}
	return misc_register(&checks_flags_device);
}
module_init(checks_flags_init);

static void __exit checks_flags_exit(void)
{
	int i;

	misc_deregister(&checks_flags_device);
	for (i = 0; i < 2; i++)
		__free_page(checks_flags_pages[i]);
}
module_exit(checks_flags_exit);

MODULE_DESCRIPTION("Checks how it is mapped, as strict drivers do");
MODULE_LICENSE("GPL");
