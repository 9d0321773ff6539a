// SPDX-License-Identifier: MIT
/*
 * Debuggers only: what is mapped answers every fault with SIGBUS, and access() gives the bytes of a buffer, one word at a time, refuses writes to its first
 * page, and says of the last page that nothing was done. From offset 8 on generic_access_phys() answers for a remapped window.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

#define DEBUG_WINDOW 0x18050000UL
#define DEBUG_SIZE (4 * PAGE_SIZE)

static unsigned int count_mmap, count_fault, count_access;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_access, uint, 0444);

static u8 debug_bytes[DEBUG_SIZE];

static vm_fault_t debug_fault(struct vm_fault *vmf)
{
	count_fault++;
	return VM_FAULT_SIGBUS;
}

static int debug_access(struct vm_area_struct *vma, unsigned long addr, void *buf, int len, int write)
{
	unsigned long at = addr - vma->vm_start;

	count_access++;
	if (at >= 3 * PAGE_SIZE)
		return at >= DEBUG_SIZE ? -EFAULT : 0;
	if (write && at < PAGE_SIZE)
		return -EPERM;
	len = min(len, 4);
	if (write)
		memcpy(debug_bytes + at, buf, len);
	else
		memcpy(buf, debug_bytes + at, len);
	return len;
}

static const struct vm_operations_struct debug_vm_ops = {
	.fault = debug_fault,
	.access = debug_access,
};

static const struct vm_operations_struct debug_window_ops = {
	.access = generic_access_phys,
};

static int debug_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_pgoff >= 8) {
		vma->vm_ops = &debug_window_ops;
		return io_remap_pfn_range(vma, vma->vm_start, (DEBUG_WINDOW >> PAGE_SHIFT) + vma->vm_pgoff - 8,
					  vma->vm_end - vma->vm_start, pgprot_noncached(vma->vm_page_prot));
	}
	vma->vm_ops = &debug_vm_ops;
	return 0;
}

static const struct file_operations debug_fops = {
	.owner = THIS_MODULE,
	.mmap = debug_mmap,
};

static struct miscdevice debug_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "debug-view",
	.fops = &debug_fops,
};

static int __init debug_init(void)
{
	int i;

	for (i = 0; i < DEBUG_SIZE; i++)
		debug_bytes[i] = i >> 2;
	return misc_register(&debug_device);
}
module_init(debug_init);

static void __exit debug_exit(void)
{
	misc_deregister(&debug_device);
}
module_exit(debug_exit);

MODULE_DESCRIPTION("Memory that only debuggers see");
MODULE_LICENSE("GPL");
