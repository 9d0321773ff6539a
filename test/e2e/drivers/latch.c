// SPDX-License-Identifier: MIT
/* The latches of a card: the flags are changed in the way that went away with Linux 6.3, which has a quick fix. */
#include <linux/fs.h>
#include <linux/mm.h>

#define LATCHES 0x7f000000UL

static int latch_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_pgoff || vma->vm_end - vma->vm_start > PAGE_SIZE)
		return -EINVAL;
	vma->vm_flags |= VM_DONTCOPY;
	return io_remap_pfn_range(vma, vma->vm_start, LATCHES >> PAGE_SHIFT, vma->vm_end - vma->vm_start, vma->vm_page_prot);
}

const struct file_operations latch_fops = {
	.owner = THIS_MODULE,
	.mmap = latch_mmap,
};
