// SPDX-License-Identifier: MIT
/*
 * A window of memory that no struct page describes, mapped as a whole. The debugger gets a shadow instead, which the access function keeps: it answers at most
 * 16 bytes at once, and refuses to write into the second page.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap, count_access;
module_param(count_mmap, uint, 0444);
module_param(count_access, uint, 0444);

#define WINDOW_START 0x18100000UL
#define WINDOW_BYTES (3 * PAGE_SIZE)

static u8 shadow[2 * PAGE_SIZE];
static void __iomem *window;

static int shadow_access(struct vm_area_struct *vma, unsigned long address, void *buffer, int length, int write)
{
	unsigned long offset = address - vma->vm_start + (vma->vm_pgoff << PAGE_SHIFT) - WINDOW_START;

	count_access++;
	if (offset >= sizeof(shadow))
		return -EFAULT;
	if (length > 16)
		length = 16;
	if (write && offset >= PAGE_SIZE)
		return -EPERM;
	if (write)
		memcpy(shadow + offset, buffer, length);
	else
		memcpy(buffer, shadow + offset, length);
	return length;
}

static const struct vm_operations_struct shadow_vm_ops = {
	.access = shadow_access,
};

static int shadow_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long bytes = vma->vm_end - vma->vm_start;
	unsigned long start = vma->vm_pgoff << PAGE_SHIFT;

	count_mmap++;
	if (start > WINDOW_BYTES || bytes > WINDOW_BYTES - start)
		return -ENXIO;
	if (!(vma->vm_flags & VM_SHARED))
		return -EOPNOTSUPP;
	vma->vm_pgoff += WINDOW_START >> PAGE_SHIFT;
	vma->vm_page_prot = pgprot_device(vma->vm_page_prot);
	vma->vm_ops = &shadow_vm_ops;
	if (io_remap_pfn_range(vma, vma->vm_start, vma->vm_pgoff, bytes, vma->vm_page_prot))
		return -EAGAIN;
	return 0;
}

static const struct file_operations shadow_fops = {
	.owner = THIS_MODULE,
	.mmap = shadow_mmap,
};

static struct miscdevice shadow_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "shadow-access",
	.fops = &shadow_fops,
};

static int __init shadow_init(void)
{
	int err;

	if (!request_mem_region(WINDOW_START, WINDOW_BYTES, "shadow-access"))
		return -EBUSY;
	window = ioremap(WINDOW_START, WINDOW_BYTES);
	if (!window) {
		release_mem_region(WINDOW_START, WINDOW_BYTES);
		return -ENOMEM;
	}
	iowrite32(0x51ad, window);
	memset(shadow, 0x5a, sizeof(shadow));
	err = misc_register(&shadow_device);
	if (err) {
		iounmap(window);
		release_mem_region(WINDOW_START, WINDOW_BYTES);
	}
	return err;
}
module_init(shadow_init);

static void __exit shadow_exit(void)
{
	misc_deregister(&shadow_device);
	iounmap(window);
	release_mem_region(WINDOW_START, WINDOW_BYTES);
}
module_exit(shadow_exit);

MODULE_DESCRIPTION("Debuggers get a shadow of what is mapped");
MODULE_LICENSE("GPL");
