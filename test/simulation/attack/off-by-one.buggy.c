/* The last page is compared with > where >= is meant, so that one page too many is given out. */
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

#define RING_PAGES 8

static void *ring;

static vm_fault_t ring_fault(struct vm_fault *vmf)
{
	struct page *page;

	if (vmf->pgoff > RING_PAGES)
		return VM_FAULT_SIGBUS;
	page = virt_to_page(ring + (vmf->pgoff << PAGE_SHIFT));
	get_page(page);
	vmf->page = page;
	return 0;
}

static const struct vm_operations_struct ring_vm_ops = {
	.fault = ring_fault,
};

static int ring_mmap(struct file *file, struct vm_area_struct *vma)
{
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_ops = &ring_vm_ops;
	return 0;
}

static const struct file_operations ring_fops = {
	.owner = THIS_MODULE,
	.mmap = ring_mmap,
};

static struct miscdevice ring_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "ring",
	.fops = &ring_fops,
};

static int __init ring_init(void)
{
	ring = (void *)__get_free_pages(GFP_KERNEL | __GFP_ZERO | __GFP_COMP, 3);
	if (!ring)
		return -ENOMEM;
	return misc_register(&ring_misc);
}

static void __exit ring_exit(void)
{
	misc_deregister(&ring_misc);
	free_pages((unsigned long)ring, 3);
}

module_init(ring_init);
module_exit(ring_exit);
MODULE_LICENSE("GPL");
