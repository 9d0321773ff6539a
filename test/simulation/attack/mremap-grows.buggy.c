/* The fault handler counts on the length that was checked when the pages were mapped; mremap(2) makes the vma longer. */
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/kref.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#define LOG_PAGES 4

static struct page *log_pages[LOG_PAGES];

static vm_fault_t log_fault(struct vm_fault *vmf)
{
	get_page(log_pages[vmf->pgoff]);
	vmf->page = log_pages[vmf->pgoff];
	return 0;
}

static const struct vm_operations_struct log_vm_ops = {
	.fault = log_fault,
};

static int log_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_pgoff != 0 || vma_pages(vma) > LOG_PAGES)
		return -EINVAL;
	vma->vm_ops = &log_vm_ops;
	return 0;
}

static const struct file_operations log_fops = {
	.owner = THIS_MODULE,
	.mmap = log_mmap,
};

static struct miscdevice log_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "log",
	.fops = &log_fops,
};

static int __init log_init(void)
{
	int index;

	for (index = 0; index < LOG_PAGES; index++) {
		log_pages[index] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!log_pages[index])
			return -ENOMEM;
	}
	return misc_register(&log_misc);
}

static void __exit log_exit(void)
{
	int index;

	misc_deregister(&log_misc);
	for (index = 0; index < LOG_PAGES; index++)
		__free_page(log_pages[index]);
}

module_init(log_init);
module_exit(log_exit);
MODULE_LICENSE("GPL");
