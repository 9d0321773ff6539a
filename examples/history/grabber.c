// SPDX-License-Identifier: MIT
/*
 * A driver of the time of 2.4, for a frame grabber that fills a buffer in RAM. It maps the buffer with remap_page_range() and
 * does what every book said: PG_reserved on each page, VM_RESERVED on the vma. From 2.6.11 on it calls remap_pfn_range().
 */
#include <linux/version.h>
#include <linux/module.h>
#include <linux/init.h>
#include <linux/fs.h>
#include <linux/mm.h>

#define GRABBER_MAJOR 121
#define GRABBER_ORDER 1
#define GRABBER_SIZE (PAGE_SIZE << GRABBER_ORDER)

static unsigned long grabber_buffer;

static int grabber_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;

	if (vma->vm_pgoff != 0 || size > GRABBER_SIZE)
		return -EINVAL;
	vma->vm_flags |= VM_RESERVED;
#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 5, 3)
	if (remap_page_range(vma->vm_start, virt_to_phys((void *)grabber_buffer), size, vma->vm_page_prot))
		return -EAGAIN;
#elif LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 10)
	if (remap_page_range(vma, vma->vm_start, virt_to_phys((void *)grabber_buffer), size, vma->vm_page_prot))
		return -EAGAIN;
#else
	if (remap_pfn_range(vma, vma->vm_start, virt_to_phys((void *)grabber_buffer) >> PAGE_SHIFT, size,
			    vma->vm_page_prot))
		return -EAGAIN;
#endif
	return 0;
}

static struct file_operations grabber_fops = {
	owner:	THIS_MODULE,
	mmap:	grabber_mmap,
};

static int __init grabber_init(void)
{
	unsigned long page;

	grabber_buffer = __get_free_pages(GFP_KERNEL, GRABBER_ORDER);
	if (!grabber_buffer)
		return -ENOMEM;
	memset((void *)grabber_buffer, 0x47, GRABBER_SIZE);
	for (page = grabber_buffer; page < grabber_buffer + GRABBER_SIZE; page += PAGE_SIZE)
		SetPageReserved(virt_to_page(page));
	return register_chrdev(GRABBER_MAJOR, "grabber", &grabber_fops);
}

static void __exit grabber_exit(void)
{
	unsigned long page;

	unregister_chrdev(GRABBER_MAJOR, "grabber");
	for (page = grabber_buffer; page < grabber_buffer + GRABBER_SIZE; page += PAGE_SIZE)
		ClearPageReserved(virt_to_page(page));
	free_pages(grabber_buffer, GRABBER_ORDER);
}

module_init(grabber_init);
module_exit(grabber_exit);
MODULE_LICENSE("GPL");
