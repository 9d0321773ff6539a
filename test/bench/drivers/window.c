// SPDX-License-Identifier: MIT
/* For the benchmark: one call maps all of a large window. */
#include <linux/fs.h>
#include <linux/mm.h>

static phys_addr_t window_base = 0x100000000;

static int window_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;

	if (vma->vm_pgoff != 0 || size > (1UL << 30))
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, window_base >> PAGE_SHIFT, size, vma->vm_page_prot);
}

static const struct file_operations window_fops = {
	.mmap = window_mmap,
};
