// SPDX-License-Identifier: MIT
/*
 * vm_insert_pages() and vm_map_pages() with arguments that go wrong. What the offset selects (offset / 16): 0 as many pages as the vma has, 1 one more
 * than there are, told by the count that is left, 2 from the second page on, 3 an array with a page twice, 4 an array with a slab page in the middle, 5 twice
 * the same range, 6 no page at all, 7 vm_map_pages of more than the vma, 8 vm_map_pages_zero with an offset, 9 pages of one compound page, 10 vm_insert_page
 * at an odd address, 11 vm_insert_page behind the vma, 12 an anonymous mapping's page, 13 vm_insert_pages into a VM_PFNMAP vma.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "compat.h"

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);
static unsigned int left;
module_param(left, uint, 0444);

#define ARRAY_PAGES 4

static struct page *array_pages[ARRAY_PAGES], *array_compound;
static void *array_slab;

static int array_insert(struct vm_area_struct *vma, unsigned long address, unsigned long count)
{
	unsigned long rest = min(count, (unsigned long)ARRAY_PAGES);
	int err = vm_insert_pages(vma, address, array_pages, &rest);

	left = rest;
	return err;
}

static int array_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct page *mixed[ARRAY_PAGES];
	unsigned long count = vma_pages(vma), i;
	unsigned long way = vma->vm_pgoff / 16;
	int err;

	count_mmap++;
	memcpy(mixed, array_pages, sizeof(mixed));
	switch (way) {
	case 0:
		return array_insert(vma, vma->vm_start, count);
	case 1:
		return array_insert(vma, vma->vm_start, count + 1);
	case 2:
		return array_insert(vma, vma->vm_start + PAGE_SIZE, count - 1);
	case 3:
		mixed[1] = mixed[0];
		break;
	case 4:
		mixed[1] = virt_to_page(array_slab);
		break;
	case 5:
		err = array_insert(vma, vma->vm_start, count);
		return err ? err : array_insert(vma, vma->vm_start, count);
	case 6:
		return 0;
	case 7:
		vma->vm_pgoff %= 16;
		return vm_map_pages(vma, array_pages, ARRAY_PAGES);
	case 8:
		return vm_map_pages_zero(vma, array_pages, ARRAY_PAGES);
	case 9:
		for (i = 0; i < ARRAY_PAGES; i++)
			mixed[i] = array_compound + i;
		break;
	case 10:
		return vm_insert_page(vma, vma->vm_start + 16, array_pages[0]);
	case 11:
		return vm_insert_page(vma, vma->vm_end, array_pages[0]);
	case 13:
		vm_flags_set(vma, VM_PFNMAP);
		return array_insert(vma, vma->vm_start, count);
	default:
		return -ENXIO;
	}
	count = min(count, (unsigned long)ARRAY_PAGES);
	err = vm_insert_pages(vma, vma->vm_start, mixed, &count);
	left = count;
	return err;
}

static const struct file_operations array_fops = {
	.owner = THIS_MODULE,
	.mmap = array_mmap,
};

static struct miscdevice array_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "insert-array",
	.fops = &array_fops,
};

static int __init array_init(void)
{
	int i;

	array_slab = kzalloc(PAGE_SIZE, GFP_KERNEL);
	array_compound = alloc_pages(GFP_KERNEL | __GFP_COMP | __GFP_ZERO, 2);
	if (!array_slab || !array_compound)
		return -ENOMEM;
	for (i = 0; i < ARRAY_PAGES; i++) {
		array_pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!array_pages[i])
			return -ENOMEM;
		*(u32 *)page_address(array_pages[i]) = 0xa00 + i;
		*(u32 *)page_address(array_compound + i) = 0xc00 + i;
	}
	return misc_register(&array_device);
}
module_init(array_init);

static void __exit array_exit(void)
{
	int i;

	misc_deregister(&array_device);
	for (i = 0; i < ARRAY_PAGES; i++)
		__free_page(array_pages[i]);
	__free_pages(array_compound, 2);
	kfree(array_slab);
}
module_exit(array_exit);

MODULE_DESCRIPTION("vm_insert_pages() and vm_map_pages() with arguments that go wrong");
MODULE_LICENSE("GPL");
