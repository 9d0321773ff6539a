/* Offset and length are compared without a sum that can wrap. */
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

#define WINDOW_BASE 0xfd000000UL
#define WINDOW_SIZE 0x40000UL

static int window_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long off = vma->vm_pgoff << PAGE_SHIFT;
	unsigned long len = vma->vm_end - vma->vm_start;

	if (len > WINDOW_SIZE || off > WINDOW_SIZE - len)
		return -EINVAL;
	return io_remap_pfn_range(vma, vma->vm_start, (WINDOW_BASE >> PAGE_SHIFT) + vma->vm_pgoff,
				  vma->vm_end - vma->vm_start, vma->vm_page_prot);
}

static const struct file_operations window_fops = {
	.owner = THIS_MODULE,
	.mmap = window_mmap,
};

static struct miscdevice window_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "window",
	.fops = &window_fops,
};

static int __init window_init(void)
{
	if (!request_mem_region(WINDOW_BASE, WINDOW_SIZE, "window"))
		return -EBUSY;
	return misc_register(&window_misc);
}

static void __exit window_exit(void)
{
	misc_deregister(&window_misc);
	release_mem_region(WINDOW_BASE, WINDOW_SIZE);
}

module_init(window_init);
module_exit(window_exit);
MODULE_LICENSE("GPL");
