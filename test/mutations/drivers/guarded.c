// kernel: 6.12
/* The window may go away while it is mapped: guard() holds the lock for the whole handler. */
#include <linux/cleanup.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>

struct dock {
	struct mutex lock;
	struct resource *window;
};

static int dock_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct dock *dock = file->private_data;
	unsigned long pages;

	guard(mutex)(&dock->lock);
	if (!dock->window)
		return -ENODEV;
	pages = resource_size(dock->window) >> PAGE_SHIFT;
	if (vma->vm_pgoff >= pages)
		return -EINVAL;
	if (vma_pages(vma) > pages - vma->vm_pgoff)
		return -EINVAL;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, (dock->window->start >> PAGE_SHIFT) + vma->vm_pgoff,
				  vma->vm_end - vma->vm_start, vma->vm_page_prot);
}

static const struct file_operations dock_fops = {
	.owner = THIS_MODULE,
	.mmap = dock_mmap,
};
