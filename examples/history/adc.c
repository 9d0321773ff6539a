// SPDX-License-Identifier: MIT
/*
 * The sound card again, with VM_RESERVED: the pages that nopage gave stay in the mapping, whatever memory does.
 */
#include <linux/version.h>
#include <linux/module.h>
#include <linux/init.h>
#include <linux/fs.h>
#include <linux/mm.h>

#define ADC_MAJOR 124
#define ADC_PAGES 4

static unsigned long adc_pages[ADC_PAGES];

#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 1)
static struct page *adc_nopage(struct vm_area_struct *vma, unsigned long address, int unused)
#else
static struct page *adc_nopage(struct vm_area_struct *vma, unsigned long address, int *type)
#endif
{
	unsigned long index = ((address - vma->vm_start) >> PAGE_SHIFT) + vma->vm_pgoff;
	struct page *page;

	if (index >= ADC_PAGES)
		return NOPAGE_SIGBUS;
	page = virt_to_page(adc_pages[index]);
	get_page(page);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(2, 6, 1)
	if (type)
		*type = VM_FAULT_MINOR;
#endif
	return page;
}

static struct vm_operations_struct adc_vm_ops = {
	nopage:	adc_nopage,
};

static int adc_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_ops = &adc_vm_ops;
	vma->vm_flags |= VM_RESERVED;
	return 0;
}

static struct file_operations adc_fops = {
	owner:	THIS_MODULE,
	mmap:	adc_mmap,
};

int init_module(void)
{
	int i;

	for (i = 0; i < ADC_PAGES; i++) {
		adc_pages[i] = get_zeroed_page(GFP_KERNEL);
		if (!adc_pages[i])
			return -ENOMEM;
	}
	return register_chrdev(ADC_MAJOR, "adc", &adc_fops);
}
