// SPDX-License-Identifier: MIT
/* A window of a device whose size no file tells: what the simulation assumes decides what a program may map. */
#include <linux/fs.h>
#include <linux/mm.h>

struct window {
	unsigned long base;
	size_t bytes;
};

static int window_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct window *window = file->private_data;
	size_t length = vma->vm_end - vma->vm_start;

	if (vma->vm_pgoff || length > window->bytes)
		return -EINVAL;
	return io_remap_pfn_range(vma, vma->vm_start, window->base >> PAGE_SHIFT, length, vma->vm_page_prot);
}

const struct file_operations window_fops = {
	.owner = THIS_MODULE,
	.mmap = window_mmap,
};
