// SPDX-License-Identifier: MIT
/*
 * A mapping with a header that programs may only read and a body that they may write: two vmas, of which the first drops VM_MAYWRITE. The header tells how many mappings
 * there are, and open and close keep it. The first process that maps owns the device; others get EBUSY until it has unmapped all.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/vmalloc.h>

#include "compat.h"

static unsigned int count_mmap, count_open, count_close, count_mremap;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);
module_param(count_mremap, uint, 0444);

struct guarded_header {
	u32 magic;
	u32 mappings;
	u32 generation;
};

#define BODY_PAGES 3

static struct guarded_header *header;
static char *body;
static struct mm_struct *owner;

static void guarded_open(struct vm_area_struct *vma)
{
	count_open++;
	header->mappings++;
}

static void guarded_close(struct vm_area_struct *vma)
{
	count_close++;
	if (--header->mappings == 0) {
		owner = NULL;
		header->generation++;
	}
}

static int guarded_mremap(struct vm_area_struct *vma)
{
	count_mremap++;
	return vma->vm_pgoff == 0 ? -EINVAL : 0;
}

static const struct vm_operations_struct guarded_vm_ops = {
	.open = guarded_open,
	.close = guarded_close,
	.mremap = guarded_mremap,
};

static int guarded_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;
	int err;

	count_mmap++;
	if (owner && owner != vma->vm_mm)
		return -EBUSY;
	if (vma->vm_pgoff == 0) {
		if (size != PAGE_SIZE)
			return -EINVAL;
		if (vma->vm_flags & VM_WRITE)
			return -EPERM;
		vm_flags_clear(vma, VM_MAYWRITE);
		err = remap_vmalloc_range(vma, header, 0);
	} else {
		err = remap_vmalloc_range(vma, body, vma->vm_pgoff - 1);
	}
	if (err)
		return err;
	owner = vma->vm_mm;
	vma->vm_ops = &guarded_vm_ops;
	header->mappings++;
	return 0;
}

static const struct file_operations guarded_fops = {
	.owner = THIS_MODULE,
	.mmap = guarded_mmap,
};

static struct miscdevice guarded_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "guarded",
	.fops = &guarded_fops,
};

static int __init guarded_init(void)
{
	int err = -ENOMEM;

	header = vmalloc_user(sizeof(*header));
	body = vmalloc_user(BODY_PAGES * PAGE_SIZE);
	if (!header || !body)
		goto failed;
	*header = (struct guarded_header){ .magic = 0x600d };
	strscpy(body + PAGE_SIZE, "second", 16);
	err = misc_register(&guarded_device);
	if (!err)
		return 0;
failed:
	vfree(body);
	vfree(header);
	return err;
}
module_init(guarded_init);

static void __exit guarded_exit(void)
{
	misc_deregister(&guarded_device);
	vfree(body);
	vfree(header);
}
module_exit(guarded_exit);

MODULE_DESCRIPTION("A header to read and a body to write");
MODULE_LICENSE("GPL");
