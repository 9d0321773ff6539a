// SPDX-License-Identifier: MIT
/*
 * A sound card of the time of 2.4 whose ring of pages is mapped by nopage: each page comes when it is touched. The vma has no
 * VM_RESERVED, so 2.4 takes the pages out of the mapping when memory runs short.
 */
#include <linux/version.h>
#include <linux/module.h>
#include <linux/init.h>
#include <linux/fs.h>
#include <linux/mm.h>

#define DAC_MAJOR 123
#define DAC_PAGES 4

static unsigned long dac_pages[DAC_PAGES];

#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 1)
static struct page *dac_nopage(struct vm_area_struct *vma, unsigned long address, int unused)
#else
static struct page *dac_nopage(struct vm_area_struct *vma, unsigned long address, int *type)
#endif
{
	unsigned long index = ((address - vma->vm_start) >> PAGE_SHIFT) + vma->vm_pgoff;
	struct page *page;

	if (index >= DAC_PAGES)
		return NOPAGE_SIGBUS;
	page = virt_to_page(dac_pages[index]);
	get_page(page);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(2, 6, 1)
	if (type)
		*type = VM_FAULT_MINOR;
#endif
	return page;
}

static struct vm_operations_struct dac_vm_ops = {
	nopage:	dac_nopage,
};

static int dac_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_ops = &dac_vm_ops;
	return 0;
}

static struct file_operations dac_fops = {
	owner:	THIS_MODULE,
	mmap:	dac_mmap,
};

int init_module(void)
{
	int i;

	for (i = 0; i < DAC_PAGES; i++) {
		dac_pages[i] = get_zeroed_page(GFP_KERNEL);
		if (!dac_pages[i])
			return -ENOMEM;
	}
	return register_chrdev(DAC_MAJOR, "dac", &dac_fops);
}
