/* VM_MAYWRITE is cleared as well. */
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

static struct page *status_page;

static int status_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_pgoff != 0 || vma_pages(vma) != 1)
		return -EINVAL;
	if (vma->vm_flags & VM_WRITE)
		return -EPERM;
	vm_flags_clear(vma, VM_MAYWRITE);
	return vm_insert_page(vma, vma->vm_start, status_page);
}

static const struct file_operations status_fops = {
	.owner = THIS_MODULE,
	.mmap = status_mmap,
};

static struct miscdevice status_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "status",
	.fops = &status_fops,
};

static int __init status_init(void)
{
	status_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!status_page)
		return -ENOMEM;
	return misc_register(&status_misc);
}

static void __exit status_exit(void)
{
	misc_deregister(&status_misc);
	__free_page(status_page);
}

module_init(status_init);
module_exit(status_exit);
MODULE_LICENSE("GPL");
