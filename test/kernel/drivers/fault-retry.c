// SPDX-License-Identifier: MIT
/*
 * Lets the first fault of each mapping be tried again: it gives the lock back and answers RETRY, as a handler does that
 * waits. A fault that may not be tried again gets the page.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static struct page *fault_retry_page;
static bool fault_retry_waited;

static vm_fault_t fault_retry_fault(struct vm_fault *vmf)
{
	count_fault++;
	if (!fault_retry_waited && (vmf->flags & FAULT_FLAG_ALLOW_RETRY)) {
		fault_retry_waited = true;
		mmap_read_unlock(vmf->vma->vm_mm);
		return VM_FAULT_RETRY;
	}
	vmf->page = fault_retry_page;
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct fault_retry_vm_ops = {
	.fault = fault_retry_fault,
};

static int fault_retry_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	fault_retry_waited = false;
	vma->vm_ops = &fault_retry_vm_ops;
	return 0;
}

static const struct file_operations fault_retry_fops = {
	.owner = THIS_MODULE,
	.mmap = fault_retry_mmap,
};

static struct miscdevice fault_retry_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "fault-retry",
	.fops = &fault_retry_fops,
};

static int __init fault_retry_init(void)
{
	fault_retry_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!fault_retry_page)
		return -ENOMEM;
	return misc_register(&fault_retry_device);
}
module_init(fault_retry_init);

static void __exit fault_retry_exit(void)
{
	misc_deregister(&fault_retry_device);
	__free_page(fault_retry_page);
}
module_exit(fault_retry_exit);

MODULE_DESCRIPTION("Lets the first fault of each mapping be tried again");
MODULE_LICENSE("GPL");
