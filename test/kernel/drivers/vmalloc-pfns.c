// SPDX-License-Identifier: MIT
/*
 * Maps vmalloc memory page by page with vmalloc_to_pfn and remap_pfn_range, as old drivers do; the vma has VM_DONTCOPY for
 * odd offsets.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/vmalloc.h>

#include "compat.h"

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static char *vmalloc_pfns_memory;

static int vmalloc_pfns_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long address = vma->vm_start;
	char *position = vmalloc_pfns_memory;
	unsigned long size = vma->vm_end - vma->vm_start;

	count_mmap++;
	if (size > 4 * PAGE_SIZE)
		return -EINVAL;
	if (vma->vm_pgoff & 1)
		vm_flags_set(vma, VM_DONTCOPY);
	while (size > 0) {
		if (remap_pfn_range(vma, address, vmalloc_to_pfn(position), PAGE_SIZE, vma->vm_page_prot))
			return -EAGAIN;
		address += PAGE_SIZE;
		position += PAGE_SIZE;
		size -= PAGE_SIZE;
	}
	return 0;
}

static const struct file_operations vmalloc_pfns_fops = {
	.owner = THIS_MODULE,
	.mmap = vmalloc_pfns_mmap,
};

static struct miscdevice vmalloc_pfns_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "vmalloc-pfns",
	.fops = &vmalloc_pfns_fops,
};

static int __init vmalloc_pfns_init(void)
{
	vmalloc_pfns_memory = vmalloc(4 * PAGE_SIZE);
	if (!vmalloc_pfns_memory)
		return -ENOMEM;
	memset(vmalloc_pfns_memory, 0x5a, 4 * PAGE_SIZE);
	return misc_register(&vmalloc_pfns_device);
}
module_init(vmalloc_pfns_init);

static void __exit vmalloc_pfns_exit(void)
{
	misc_deregister(&vmalloc_pfns_device);
	vfree(vmalloc_pfns_memory);
}
module_exit(vmalloc_pfns_exit);

MODULE_DESCRIPTION("Maps vmalloc memory page by page with vmalloc_to_pfn and remap_pfn_range, as old drivers do; the vma has VM_DONTCOPY for odd offsets");
MODULE_LICENSE("GPL");
