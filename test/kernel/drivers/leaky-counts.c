// SPDX-License-Identifier: MIT
/* A careless driver on purpose: no open for the vma, one close too many, a buffer freed by the first unmap, an mmap that fails after it has inserted. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/slab.h>

#include "compat.h"

static unsigned int count_mmap, count_close, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_close, uint, 0444);
module_param(count_fault, uint, 0444);

struct leaky {
	struct page *page;
	int users;
	int frees;
};

static struct leaky leaky;

static void leaky_close(struct vm_area_struct *vma)
{
	struct leaky *l = vma->vm_private_data;

	count_close++;
	l->users--;
	WARN_ON_ONCE(l->users < 0);
	if (l->users == 0 && l->page) {
		put_page(l->page);
		l->page = NULL;
		l->frees++;
	}
}

static vm_fault_t leaky_fault(struct vm_fault *vmf)
{
	struct leaky *l = vmf->vma->vm_private_data;

	count_fault++;
	if (!l->page)
		return VM_FAULT_SIGBUS;
	if (vmf->pgoff == 1) {
		lock_page(l->page);
		get_page(l->page);
		vmf->page = l->page;
		return VM_FAULT_LOCKED;
	}
	if (vmf->pgoff == 2)
		return VM_FAULT_OOM;
	if (vmf->pgoff == 3)
		return VM_FAULT_HWPOISON;
	get_page(l->page);
	vmf->page = l->page;
	return 0;
}

static const struct vm_operations_struct leaky_ops = {
	.close = leaky_close,
	.fault = leaky_fault,
};

static int leaky_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct leaky *l = &leaky;
	int err;

	count_mmap++;
	if (!l->page) {
		l->page = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!l->page)
			return -ENOMEM;
	}
	vma->vm_private_data = l;
	vma->vm_ops = &leaky_ops;
	if (vma->vm_pgoff >= 0x10) {
		vma->vm_pgoff = 0;
		err = vm_insert_page(vma, vma->vm_start, l->page);
		if (err)
			return err;
		if (vma_pages(vma) > 1)
			return -ENOSPC;
	}
	l->users++;
	return 0;
}

static long leaky_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case 0x101:
		return leaky.users + 10;
	case 0x102:
		return leaky.frees;
	case 0x103:
		return leaky.page ? page_count(leaky.page) : 0;
	}
	return -ENOTTY;
}

static const struct file_operations leaky_fops = {
	.owner = THIS_MODULE,
	.mmap = leaky_mmap,
	.unlocked_ioctl = leaky_ioctl,
};

static struct miscdevice leaky_misc = { .minor = MISC_DYNAMIC_MINOR, .name = "leaky-counts", .fops = &leaky_fops };

static int __init leaky_init(void)
{
	return misc_register(&leaky_misc);
}

static void __exit leaky_exit(void)
{
	misc_deregister(&leaky_misc);
	if (leaky.page)
		put_page(leaky.page);
}
module_init(leaky_init);
module_exit(leaky_exit);
MODULE_LICENSE("GPL");
