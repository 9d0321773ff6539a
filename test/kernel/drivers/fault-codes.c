// SPDX-License-Identifier: MIT
/*
 * Odd answers to a fault. What the page selects: 0 SIGBUS and a page, 1 LOCKED with a page that is not locked, 2 a page and NOPAGE, 3 RETRY
 * whether or not it is allowed, 4 DONE_COW for private writes, 5 HWPOISON_LARGE, 6 MAJOR alone, 7 FALLBACK, 8 NEEDDSYNC, 9 SIGSEGV and SIGBUS, 10
 * an error number, 11 a page of another offset, 12 a page that is written to before, 13 OOM the first time and then a page.
 */
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static struct page *codes_page;
static int codes_failed;

static vm_fault_t codes_fault(struct vm_fault *vmf)
{
	vm_fault_t result = 0;

	count_fault++;
	switch (vmf->pgoff) {
	case 0:
		get_page(codes_page);
		vmf->page = codes_page;
		put_page(codes_page);
		return VM_FAULT_SIGBUS;
	case 1:
		result = VM_FAULT_LOCKED;
		break;
	case 2:
		vmf->page = codes_page;
		return VM_FAULT_NOPAGE;
	case 3:
		return VM_FAULT_RETRY;
	case 4:
		if (vmf->cow_page) {
			copy_highpage(vmf->cow_page, codes_page);
			*(u32 *)page_address(vmf->cow_page) = 0xc0;
			return VM_FAULT_DONE_COW;
		}
		break;
	case 5:
		return VM_FAULT_HWPOISON_LARGE | VM_FAULT_SET_HINDEX(0);
	case 6:
		return VM_FAULT_MAJOR;
	case 7:
		return VM_FAULT_FALLBACK;
	case 8:
		return VM_FAULT_NEEDDSYNC;
	case 9:
		return VM_FAULT_SIGSEGV | VM_FAULT_SIGBUS;
	case 10:
		return (__force vm_fault_t)-EFAULT;
	case 12:
		*(u32 *)page_address(codes_page) = 0x12;
		break;
	case 13:
		if (codes_failed++ == 0)
			return VM_FAULT_OOM;
		break;
	}
	get_page(codes_page);
	vmf->page = codes_page;
	return result;
}

static const struct vm_operations_struct codes_vm_ops = {
	.fault = codes_fault,
};

static int codes_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	codes_failed = 0;
	vma->vm_ops = &codes_vm_ops;
	return 0;
}

static const struct file_operations codes_fops = {
	.owner = THIS_MODULE,
	.mmap = codes_mmap,
};

static struct miscdevice codes_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "fault-codes",
	.fops = &codes_fops,
};

static int __init codes_init(void)
{
	codes_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!codes_page)
		return -ENOMEM;
	*(u32 *)page_address(codes_page) = 0xc0de;
	return misc_register(&codes_device);
}
module_init(codes_init);

static void __exit codes_exit(void)
{
	misc_deregister(&codes_device);
	__free_page(codes_page);
}
module_exit(codes_exit);

MODULE_DESCRIPTION("Odd answers to a fault");
MODULE_LICENSE("GPL");
