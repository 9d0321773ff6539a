// SPDX-License-Identifier: MIT
/*
 * Single reserved pages that are no neighbours, each mapped by a call of remap_pfn_range(): what drivers did up to 2.6.14, and what
 * the release candidates of 2.6.15 warned of.
 */
#include <linux/module.h>
#include <linux/init.h>
#include <linux/fs.h>
#include <linux/mm.h>

#define LEAVES_MAJOR 132
#define LEAVES 3

static struct page *leaves[LEAVES];

static int leaves_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long address = vma->vm_start;
	int error, i;

	if (vma->vm_end - vma->vm_start != LEAVES * PAGE_SIZE)
		return -EINVAL;
	for (i = 0; i < LEAVES; i++) {
		error = remap_pfn_range(vma, address, page_to_pfn(leaves[i]), PAGE_SIZE, vma->vm_page_prot);
		if (error)
			return error;
		address += PAGE_SIZE;
	}
	return 0;
}

static struct file_operations leaves_fops = {
	.owner	= THIS_MODULE,
	.mmap	= leaves_mmap,
};

static int __init leaves_init(void)
{
	int i;

	for (i = 0; i < LEAVES; i++) {
		leaves[i] = alloc_page(GFP_KERNEL);
		if (!leaves[i])
			return -ENOMEM;
		memset(page_address(leaves[i]), 0x31 + i, PAGE_SIZE);
		SetPageReserved(leaves[i]);
	}
	return register_chrdev(LEAVES_MAJOR, "leaves", &leaves_fops);
}

module_init(leaves_init);
