// SPDX-License-Identifier: MIT
/*
 * Single pages that the kernel sees in one piece through vmap(); programs get them one fault at a time by vmalloc_to_page(). The first page
 * counts the faults. ioctl 0x101 reads a word of the kernel's view.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/vmalloc.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

#define VIEW_PAGES 4

static struct page *view_pages[VIEW_PAGES];
static u32 *view;

static vm_fault_t vmap_view_fault(struct vm_fault *vmf)
{
	unsigned long offset = vmf->pgoff << PAGE_SHIFT;
	struct page *page;

	count_fault++;
	if (offset >= VIEW_PAGES * PAGE_SIZE)
		return VM_FAULT_SIGBUS;
	view[1]++;
	page = vmalloc_to_page((void *)view + offset);
	if (!page)
		return VM_FAULT_SIGBUS;
	get_page(page);
	vmf->page = page;
	return 0;
}

static const struct vm_operations_struct vmap_view_vm_ops = {
	.fault = vmap_view_fault,
};

static int vmap_view_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_end - vma->vm_start > VIEW_PAGES * PAGE_SIZE)
		return -EINVAL;
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_ops = &vmap_view_vm_ops;
	return 0;
}

static long vmap_view_ioctl(struct file *file, unsigned int command, unsigned long index)
{
	if (command != 0x101)
		return -ENOTTY;
	if (index >= VIEW_PAGES * PAGE_SIZE / sizeof(*view))
		return -EINVAL;
	return view[index] & 0xffff;
}

static const struct file_operations vmap_view_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = vmap_view_ioctl,
	.mmap = vmap_view_mmap,
};

static struct miscdevice vmap_view_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "vmap-view",
	.fops = &vmap_view_fops,
};

static void vmap_view_free(void)
{
	int i;

	vunmap(view);
	for (i = 0; i < VIEW_PAGES; i++)
		if (view_pages[i])
			__free_page(view_pages[i]);
}

static int __init vmap_view_init(void)
{
	int i, err = -ENOMEM;

	for (i = 0; i < VIEW_PAGES; i++) {
		view_pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!view_pages[i])
			goto failed;
	}
	view = vmap(view_pages, VIEW_PAGES, VM_MAP, PAGE_KERNEL);
	if (!view)
		goto failed;
	view[0] = 0x71e4;
	view[3 * PAGE_SIZE / sizeof(*view)] = 0x71e7;
	err = misc_register(&vmap_view_device);
	if (err)
		goto failed;
	return 0;
failed:
	vmap_view_free();
	return err;
}
module_init(vmap_view_init);

static void __exit vmap_view_exit(void)
{
	misc_deregister(&vmap_view_device);
	vmap_view_free();
}
module_exit(vmap_view_exit);

MODULE_DESCRIPTION("Pages that the kernel sees through vmap()");
MODULE_LICENSE("GPL");
