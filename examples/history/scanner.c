// SPDX-License-Identifier: MIT
/*
 * A driver of the time of 2.4 that forgets PG_reserved: remap_page_range() leaves out every page of its buffer, without an error.
 * From 2.6.15 on the same pages are mapped.
 */
#include <linux/version.h>
#include <linux/module.h>
#include <linux/init.h>
#include <linux/fs.h>
#include <linux/mm.h>

#define SCANNER_MAJOR 122
#define SCANNER_ORDER 1
#define SCANNER_SIZE (PAGE_SIZE << SCANNER_ORDER)

static unsigned long scanner_buffer;

static int scanner_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;

	if (vma->vm_pgoff != 0 || size > SCANNER_SIZE)
		return -EINVAL;
	vma->vm_flags |= VM_RESERVED;
#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 5, 3)
	if (remap_page_range(vma->vm_start, virt_to_phys((void *)scanner_buffer), size, vma->vm_page_prot))
		return -EAGAIN;
#elif LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 10)
	if (remap_page_range(vma, vma->vm_start, virt_to_phys((void *)scanner_buffer), size, vma->vm_page_prot))
		return -EAGAIN;
#else
	if (remap_pfn_range(vma, vma->vm_start, virt_to_phys((void *)scanner_buffer) >> PAGE_SHIFT, size,
			    vma->vm_page_prot))
		return -EAGAIN;
#endif
	return 0;
}

static struct file_operations scanner_fops = {
	owner:	THIS_MODULE,
	mmap:	scanner_mmap,
};

static int __init scanner_init(void)
{
	scanner_buffer = __get_free_pages(GFP_KERNEL, SCANNER_ORDER);
	if (!scanner_buffer)
		return -ENOMEM;
	memset((void *)scanner_buffer, 0x53, SCANNER_SIZE);
	return register_chrdev(SCANNER_MAJOR, "scanner", &scanner_fops);
}

static void __exit scanner_exit(void)
{
	unregister_chrdev(SCANNER_MAJOR, "scanner");
	free_pages(scanner_buffer, SCANNER_ORDER);
}

module_init(scanner_init);
module_exit(scanner_exit);
MODULE_LICENSE("GPL");
