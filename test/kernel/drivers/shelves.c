// SPDX-License-Identifier: MIT
/*
 * Three shelves of vmalloc memory: one for user space of five pages, one of 32-bit addresses, one that is not meant for it. The offset says what is done with them:
 * pages below 0x10 are mapped as they are, 0x10 puts two pages at the end of the vma, 0x20 asks for a place that no number holds, 0x30 for more than the memory has, 0x40 begins inside of a page, 0x50 remaps
 * pfns page by page, 0x60 takes memory that is not for it, 0x70 two parts that meet, 0x80 two parts that overlap, 0x90 gives pages on fault.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/vmalloc.h>

static uint count_mmap, count_fault, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_close, uint, 0444);

#define SHELF_PAGES 5

static void *top, *low, *back;

static vm_fault_t shelf_fault(struct vm_fault *vmf)
{
	unsigned long nr = vmf->pgoff - 0x90;

	count_fault++;
	if (nr >= SHELF_PAGES)
		return VM_FAULT_SIGBUS;
	vmf->page = vmalloc_to_page(back + (nr << PAGE_SHIFT));
	get_page(vmf->page);
	return 0;
}

static void shelf_close(struct vm_area_struct *vma)
{
	count_close++;
}

static const struct vm_operations_struct shelf_ops = { .fault = shelf_fault, .close = shelf_close };
static const struct vm_operations_struct shelf_closing_ops = { .close = shelf_close };

static int shelf_mmap(struct file *filp, struct vm_area_struct *vma)
{
	unsigned long start = vma->vm_start, len = vma->vm_end - start, nr = vma->vm_pgoff & 15, at;
	int rc;

	count_mmap++;
	vma->vm_ops = &shelf_closing_ops;
	switch (vma->vm_pgoff >> 4) {
	case 0:
		return remap_vmalloc_range(vma, top, nr);
	case 1:
		if (len < 2 * PAGE_SIZE)
			return -EINVAL;
		rc = vm_insert_page(vma, vma->vm_end - 2 * PAGE_SIZE, vmalloc_to_page(low));
		return rc ? rc : vm_insert_page(vma, vma->vm_end - PAGE_SIZE, vmalloc_to_page(low + PAGE_SIZE));
	case 2:
		return remap_vmalloc_range(vma, top, ULONG_MAX >> 4);
	case 3:
		return remap_vmalloc_range(vma, top, SHELF_PAGES - 1);
	case 4:
		return remap_vmalloc_range(vma, top + 8, 0);
	case 5:
		for (at = start; at < vma->vm_end; at += PAGE_SIZE, nr++) {
			rc = remap_pfn_range(vma, at, vmalloc_to_pfn(top + nr * PAGE_SIZE), PAGE_SIZE, vma->vm_page_prot);
			if (rc)
				return rc;
		}
		return 0;
	case 6:
		return remap_vmalloc_range(vma, back, 0);
	case 7:
		rc = vm_insert_page(vma, start, vmalloc_to_page(low));
		for (at = start + PAGE_SIZE; !rc && at < vma->vm_end; at += PAGE_SIZE, nr++)
			rc = vm_insert_page(vma, at, vmalloc_to_page(top + nr * PAGE_SIZE));
		return rc;
	case 8:
		rc = remap_vmalloc_range(vma, low, 0);
		return rc ? rc : remap_vmalloc_range(vma, top, 0);
	case 9:
		vma->vm_ops = &shelf_ops;
		return 0;
	default:
		return -ENXIO;
	}
}

static long shelf_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	if (arg >= SHELF_PAGES)
		return -EINVAL;
	switch (cmd) {
	case 0x401:
		memset(top + arg * PAGE_SIZE, 0x41, PAGE_SIZE);
		return 0;
	case 0x402:
		return *(u8 *)(back + arg * PAGE_SIZE);
	case 0x403:
		return page_count(vmalloc_to_page(top + arg * PAGE_SIZE));
	}
	return -ENOTTY;
}

static const struct file_operations shelf_fops = {
	.owner = THIS_MODULE,
	.mmap = shelf_mmap,
	.unlocked_ioctl = shelf_ioctl,
};

static struct miscdevice shelf_dev = { .minor = MISC_DYNAMIC_MINOR, .name = "shelves", .fops = &shelf_fops };

static int __init shelf_init(void)
{
	int i;

	top = vmalloc_user(SHELF_PAGES * PAGE_SIZE);
	low = vmalloc_32_user(2 * PAGE_SIZE);
	back = vmalloc(SHELF_PAGES * PAGE_SIZE);
	if (!top || !low || !back)
		return -ENOMEM;
	for (i = 0; i < SHELF_PAGES; i++) {
		memset(top + i * PAGE_SIZE, 0xa0 + i, 16);
		memset(back + i * PAGE_SIZE, 0xb0 + i, PAGE_SIZE);
	}
	return misc_register(&shelf_dev);
}
module_init(shelf_init);

static void __exit shelf_exit(void)
{
	misc_deregister(&shelf_dev);
	vfree(back);
	vfree(low);
	vfree(top);
}
module_exit(shelf_exit);
MODULE_LICENSE("GPL");
