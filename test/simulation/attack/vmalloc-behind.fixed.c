/* A fault behind the vmalloc area ends in SIGBUS before any page is looked up. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/vmalloc.h>

#define TRACE_BYTES (4 * PAGE_SIZE)

static void *trace_buffer;

static vm_fault_t trace_fault(struct vm_fault *vmf)
{
	struct page *page;

	if (vmf->pgoff >= TRACE_BYTES >> PAGE_SHIFT)
		return VM_FAULT_SIGBUS;
	page = vmalloc_to_page(trace_buffer + (vmf->pgoff << PAGE_SHIFT));
	if (!page)
		return VM_FAULT_SIGBUS;
	get_page(page);
	vmf->page = page;
	return 0;
}

static const struct vm_operations_struct trace_vm_ops = {
	.fault = trace_fault,
};

static int trace_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_pgoff != 0 || vma->vm_end - vma->vm_start > TRACE_BYTES)
		return -EINVAL;
	vma->vm_ops = &trace_vm_ops;
	return 0;
}

static const struct file_operations trace_fops = {
	.owner = THIS_MODULE,
	.mmap = trace_mmap,
};

static struct miscdevice trace_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "trace",
	.fops = &trace_fops,
};

static int __init trace_init(void)
{
	trace_buffer = vzalloc(TRACE_BYTES);
	if (!trace_buffer)
		return -ENOMEM;
	return misc_register(&trace_misc);
}

static void __exit trace_exit(void)
{
	misc_deregister(&trace_misc);
	vfree(trace_buffer);
}

module_init(trace_init);
module_exit(trace_exit);
MODULE_LICENSE("GPL");
