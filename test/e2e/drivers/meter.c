// SPDX-License-Identifier: MIT
/* The registers of a meter whose size no file tells: what the simulation assumes decides what a program may map. */
#include <linux/fs.h>
#include <linux/mm.h>

struct meter {
	unsigned long base;
	size_t bytes;
};

static int meter_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct meter *meter = file->private_data;
	size_t length = vma->vm_end - vma->vm_start;

	if (vma->vm_pgoff || length > meter->bytes)
		return -EINVAL;
	return io_remap_pfn_range(vma, vma->vm_start, meter->base >> PAGE_SHIFT, length, vma->vm_page_prot);
}

const struct file_operations meter_fops = {
	.owner = THIS_MODULE,
	.mmap = meter_mmap,
};
