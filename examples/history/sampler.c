// SPDX-License-Identifier: MIT
/* A buffer from vmalloc(), mapped by nopage with vmalloc_to_page() (2.4.19 and later): no page tables, no reserved pages. */
#include <linux/version.h>
#include <linux/module.h>
#include <linux/init.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>

#define SAMPLER_MAJOR 126
#define SAMPLER_SIZE (3 * PAGE_SIZE)

static char *sampler_buffer;

#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 1)
static struct page *sampler_nopage(struct vm_area_struct *vma, unsigned long address, int unused)
#else
static struct page *sampler_nopage(struct vm_area_struct *vma, unsigned long address, int *type)
#endif
{
	unsigned long offset = address - vma->vm_start;
	struct page *page;

	if (offset >= SAMPLER_SIZE)
		return NOPAGE_SIGBUS;
	page = vmalloc_to_page(sampler_buffer + offset);
	get_page(page);
	return page;
}

static struct vm_operations_struct sampler_vm_ops = {
	.nopage	= sampler_nopage,
};

static int sampler_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_flags |= VM_RESERVED;
	vma->vm_ops = &sampler_vm_ops;
	return 0;
}

static struct file_operations sampler_fops = {
	.owner	= THIS_MODULE,
	.mmap	= sampler_mmap,
};

static int __init sampler_init(void)
{
	sampler_buffer = vmalloc(SAMPLER_SIZE);
	if (!sampler_buffer)
		return -ENOMEM;
	memset(sampler_buffer, 0x61, SAMPLER_SIZE);
	return register_chrdev(SAMPLER_MAJOR, "sampler", &sampler_fops);
}

module_init(sampler_init);
