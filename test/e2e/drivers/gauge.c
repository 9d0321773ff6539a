// SPDX-License-Identifier: MIT
/* One page of a gauge, for kernels before and after the change of the vma's flags. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/version.h>

#define GAUGE 0x7e000000UL

static int gauge_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_pgoff || vma->vm_end - vma->vm_start > PAGE_SIZE)
		return -EINVAL;
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
	vma->vm_flags |= VM_DONTCOPY;
#else
	vm_flags_set(vma, VM_DONTCOPY);
#endif
	return io_remap_pfn_range(vma, vma->vm_start, GAUGE >> PAGE_SHIFT, vma->vm_end - vma->vm_start, vma->vm_page_prot);
}

const struct file_operations gauge_fops = {
	.owner = THIS_MODULE,
	.mmap = gauge_mmap,
};
