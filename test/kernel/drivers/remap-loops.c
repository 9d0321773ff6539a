// SPDX-License-Identifier: MIT
/*
 * remap_pfn_range() in the ways in which loops over it go wrong or right. What the offset selects (offset / 16): 0 a page at a time, 1 backwards, 2 every second
 * page, 3 all pages to the same pfn, 4 without the last, 5 the size in bytes of a page and a half, 6 size 0, 7 an address in the middle of a page, 8 a length
 * that wraps, 9 pages that are then zapped by zap_vma_ptes, 10 remapped again after the zap, 11 fails with -EIO after half of it, 12 with PAGE_NONE, 13 with
 * PAGE_READONLY, 14 into vm_start and again into the second half.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_close, uint, 0444);

#define LOOP_PAGES 8

static unsigned long loop_memory;

static void loop_close(struct vm_area_struct *vma)
{
	count_close++;
}

static const struct vm_operations_struct loop_vm_ops = {
	.close = loop_close,
};

static int loop_one(struct vm_area_struct *vma, unsigned long page, unsigned long to)
{
	unsigned long pfn = (virt_to_phys((void *)loop_memory) >> PAGE_SHIFT) + to % LOOP_PAGES;

	return remap_pfn_range(vma, vma->vm_start + page * PAGE_SIZE, pfn, PAGE_SIZE, vma->vm_page_prot);
}

static int loop_whole(struct vm_area_struct *vma, unsigned long address, unsigned long size, pgprot_t prot)
{
	return remap_pfn_range(vma, address, virt_to_phys((void *)loop_memory) >> PAGE_SHIFT, size, prot);
}

static int loop_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;
	unsigned long pages = vma_pages(vma);
	unsigned long way = vma->vm_pgoff / 16;
	unsigned long i;
	int err = 0;

	count_mmap++;
	if (pages > LOOP_PAGES)
		return -EINVAL;
	vma->vm_ops = &loop_vm_ops;
	switch (way) {
	case 0:
		for (i = 0; i < pages && !err; i++)
			err = loop_one(vma, i, i);
		return err;
	case 1:
		for (i = pages; i > 0 && !err; i--)
			err = loop_one(vma, i - 1, i - 1);
		return err;
	case 2:
		for (i = 0; i < pages && !err; i += 2)
			err = loop_one(vma, i, i);
		return err;
	case 3:
		for (i = 0; i < pages && !err; i++)
			err = loop_one(vma, i, 5);
		return err;
	case 4:
		return pages > 1 ? loop_whole(vma, vma->vm_start, size - PAGE_SIZE, vma->vm_page_prot) : 0;
	case 5:
		return loop_whole(vma, vma->vm_start, PAGE_SIZE + PAGE_SIZE / 2, vma->vm_page_prot);
	case 6:
		return loop_whole(vma, vma->vm_start, 0, vma->vm_page_prot);
	case 7:
		return loop_whole(vma, vma->vm_start + 0x10, PAGE_SIZE, vma->vm_page_prot);
	case 8:
		return loop_whole(vma, vma->vm_start, -vma->vm_start, vma->vm_page_prot);
	case 9:
	case 10:
		err = loop_whole(vma, vma->vm_start, size, vma->vm_page_prot);
		zap_vma_ptes(vma, vma->vm_start, size);
		if (!err && way == 10)
			err = loop_whole(vma, vma->vm_start, size, vma->vm_page_prot);
		return err;
	case 11:
		for (i = 0; i < pages / 2 && !err; i++)
			err = loop_one(vma, i, i);
		return -EIO;
	case 12:
		return loop_whole(vma, vma->vm_start, size, PAGE_NONE);
	case 13:
		return loop_whole(vma, vma->vm_start, size, PAGE_READONLY);
	case 14:
		err = loop_whole(vma, vma->vm_start, size / 2, vma->vm_page_prot);
		return err ? err : loop_whole(vma, vma->vm_start + size / 2, size - size / 2, vma->vm_page_prot);
	}
	return -ENXIO;
}

static const struct file_operations loop_fops = {
	.owner = THIS_MODULE,
	.mmap = loop_mmap,
};

static struct miscdevice loop_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "remap-loops",
	.fops = &loop_fops,
};

static int __init loop_init(void)
{
	int i;

	loop_memory = __get_free_pages(GFP_KERNEL | __GFP_ZERO, 3);
	if (!loop_memory)
		return -ENOMEM;
	for (i = 0; i < LOOP_PAGES; i++)
		*(u32 *)(loop_memory + i * PAGE_SIZE) = 0x100f0 + i;
	return misc_register(&loop_device);
}
module_init(loop_init);

static void __exit loop_exit(void)
{
	misc_deregister(&loop_device);
	free_pages(loop_memory, 3);
}
module_exit(loop_exit);

MODULE_DESCRIPTION("remap_pfn_range() in loops that go wrong or right");
MODULE_LICENSE("GPL");
