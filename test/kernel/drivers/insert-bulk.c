// SPDX-License-Identifier: MIT
/* vm_insert_pages() for one half of a mapping, vm_map_pages() for a whole one, chosen by the offset; the array is kvmalloc'ed and filled by the bulk allocator. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/slab.h>

#include "compat.h"

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

#define BULK 16

struct bulk {
	struct page **pages;
	unsigned int n;
	unsigned long remaining;
};

static struct bulk bulk;

static int bulk_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long want = vma_pages(vma), num;
	int err;

	count_mmap++;
	switch (vma->vm_pgoff >> 8) {
	case 0:
		return vm_map_pages(vma, bulk.pages, bulk.n);
	case 1:
		num = min_t(unsigned long, want, bulk.n);
		err = vm_insert_pages(vma, vma->vm_start, bulk.pages, &num);
		bulk.remaining = num;
		return err;
	case 2:
		return vm_map_pages_zero(vma, bulk.pages, bulk.n);
	case 3:
		num = 2;
		err = vm_insert_pages(vma, vma->vm_start, bulk.pages, &num);
		if (err)
			return err;
		num = 4;
		err = vm_insert_pages(vma, vma->vm_start + PAGE_SIZE, bulk.pages + 4, &num);
		bulk.remaining = num;
		return (vma->vm_pgoff & 1) ? err : 0;
	case 4:
		num = want + 1;
		err = vm_insert_pages(vma, vma->vm_start, bulk.pages, &num);
		bulk.remaining = num;
		return err;
	case 5:
		vm_flags_set(vma, VM_PFNMAP);
		num = 1;
		return vm_insert_pages(vma, vma->vm_start, bulk.pages, &num);
	}
	return -EINVAL;
}

static long bulk_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case 0x101:
		return bulk.remaining;
	case 0x102:
		return arg < bulk.n ? page_count(bulk.pages[arg]) : -EINVAL;
	case 0x103:
		if (arg >= bulk.n)
			return -EINVAL;
		return *(int *)page_address(bulk.pages[arg]);
	}
	return -ENOTTY;
}

static const struct file_operations bulk_fops = {
	.owner = THIS_MODULE,
	.mmap = bulk_mmap,
	.unlocked_ioctl = bulk_ioctl,
};

static struct miscdevice bulk_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "insert-bulk",
	.fops = &bulk_fops,
};

static int __init bulk_init(void)
{
	int i, err = -ENOMEM;

	bulk.pages = kvcalloc(BULK, sizeof(*bulk.pages), GFP_KERNEL);
	if (!bulk.pages)
		return -ENOMEM;
	bulk.n = alloc_pages_bulk_array(GFP_KERNEL | __GFP_ZERO, BULK, bulk.pages);
	if (bulk.n != BULK)
		goto free;
	for (i = 0; i < BULK; i++)
		*(u32 *)page_to_virt(bulk.pages[i]) = i + 1;
	err = misc_register(&bulk_misc);
	if (!err)
		return 0;
free:
	release_pages(bulk.pages, bulk.n);
	kvfree(bulk.pages);
	return err;
}

static void __exit bulk_exit(void)
{
	unsigned int i;

	misc_deregister(&bulk_misc);
	for (i = 0; i < bulk.n; i++)
		put_page(bulk.pages[i]);
	kvfree(bulk.pages);
}
module_init(bulk_init);
module_exit(bulk_exit);
MODULE_LICENSE("GPL");
