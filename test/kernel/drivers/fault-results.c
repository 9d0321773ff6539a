// SPDX-License-Identifier: MIT
/*
 * Answers a fault with what the page of the file selects: 0 a page, 1 SIGBUS, 2 OOM, 3 SIGSEGV, 4 HWPOISON, 5 NOPAGE
 * without an entry the first time and a page after that, 6 a page that it has locked, 7 a page and MAJOR, 8 ENOMEM by
 * vmf_error, 9 EINVAL by vmf_error, 10 NOPAGE for ever.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static struct page *fault_results_page;
static int fault_results_seen;

static vm_fault_t fault_results_fault(struct vm_fault *vmf)
{
	vm_fault_t result = 0;

	count_fault++;
	switch (vmf->pgoff) {
	case 0:
		break;
	case 1:
		return VM_FAULT_SIGBUS;
	case 2:
		return VM_FAULT_OOM;
	case 3:
		return VM_FAULT_SIGSEGV;
	case 4:
		return VM_FAULT_HWPOISON;
	case 5:
		if (fault_results_seen++ == 0)
			return VM_FAULT_NOPAGE;
		break;
	case 6:
		lock_page(fault_results_page);
		result = VM_FAULT_LOCKED;
		break;
	case 7:
		result = VM_FAULT_MAJOR;
		break;
	case 8:
		return vmf_error(-ENOMEM);
	case 9:
		return vmf_error(-EINVAL);
	case 10:
		return VM_FAULT_NOPAGE;
	default:
		return VM_FAULT_SIGBUS;
	}
	get_page(fault_results_page);
	vmf->page = fault_results_page;
	return result;
}

static const struct vm_operations_struct fault_results_vm_ops = {
	.fault = fault_results_fault,
};

static int fault_results_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	fault_results_seen = 0;
	vma->vm_ops = &fault_results_vm_ops;
	return 0;
}

static const struct file_operations fault_results_fops = {
	.owner = THIS_MODULE,
	.mmap = fault_results_mmap,
};

static struct miscdevice fault_results_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "fault-results",
	.fops = &fault_results_fops,
};

static int __init fault_results_init(void)
{
	fault_results_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!fault_results_page)
		return -ENOMEM;
	*(u32 *)page_address(fault_results_page) = 0x4e5;
	return misc_register(&fault_results_device);
}
module_init(fault_results_init);

static void __exit fault_results_exit(void)
{
	misc_deregister(&fault_results_device);
	__free_page(fault_results_page);
}
module_exit(fault_results_exit);

MODULE_DESCRIPTION("Answers a fault with what the page of the file selects");
MODULE_LICENSE("GPL");
