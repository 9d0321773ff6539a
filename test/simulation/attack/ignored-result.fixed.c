/* What could not be mapped is said, and what was counted is given back. */
#include <linux/atomic.h>
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#define TRACE_BASE 0xfe400000UL

static int trace_mappings;

static void trace_open_vma(struct vm_area_struct *vma)
{
	trace_mappings++;
}

static void trace_close_vma(struct vm_area_struct *vma)
{
	trace_mappings--;
}

static const struct vm_operations_struct trace_vm_ops = {
	.open = trace_open_vma,
	.close = trace_close_vma,
};

static int trace_mmap(struct file *file, struct vm_area_struct *vma)
{
	int err;

	if (vma->vm_pgoff != 0 || vma_pages(vma) != 1)
		return -EINVAL;
	trace_mappings++;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	vma->vm_ops = &trace_vm_ops;
	err = vm_iomap_memory(vma, TRACE_BASE, PAGE_SIZE);
	if (err)
		trace_mappings--;
	return err;
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
	if (!request_mem_region(TRACE_BASE, PAGE_SIZE, "trace"))
		return -EBUSY;
	return misc_register(&trace_misc);
}

static void __exit trace_exit(void)
{
	misc_deregister(&trace_misc);
	release_mem_region(TRACE_BASE, PAGE_SIZE);
}

module_init(trace_init);
module_exit(trace_exit);
MODULE_LICENSE("GPL");
