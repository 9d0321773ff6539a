/* The fault handler takes a reference for the entry. */
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

static struct page *clock_page;

static vm_fault_t clock_fault(struct vm_fault *vmf)
{
	if (vmf->pgoff != 0)
		return VM_FAULT_SIGBUS;
	get_page(clock_page);
	vmf->page = clock_page;
	return 0;
}

static const struct vm_operations_struct clock_vm_ops = {
	.fault = clock_fault,
};

static int clock_mmap(struct file *file, struct vm_area_struct *vma)
{
	vm_flags_set(vma, VM_DONTEXPAND);
	vma->vm_ops = &clock_vm_ops;
	return 0;
}

static const struct file_operations clock_fops = {
	.owner = THIS_MODULE,
	.mmap = clock_mmap,
};

static struct miscdevice clock_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "clock",
	.fops = &clock_fops,
};

static int __init clock_init(void)
{
	clock_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!clock_page)
		return -ENOMEM;
	return misc_register(&clock_misc);
}

static void __exit clock_exit(void)
{
	misc_deregister(&clock_misc);
	__free_page(clock_page);
}

module_init(clock_init);
module_exit(clock_exit);
MODULE_LICENSE("GPL");
