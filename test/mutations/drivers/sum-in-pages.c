// kernel: 6.12
/* A character device whose pages are summed up: mmap(2) has made sure that this sum fits. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>

struct trace_unit {
	phys_addr_t window;
	u32 window_pages;
};

static int trace_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct trace_unit *unit = file->private_data;
	unsigned long pages = vma_pages(vma);

	if (vma->vm_pgoff + pages > unit->window_pages)
		return -ENXIO;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return remap_pfn_range(vma, vma->vm_start, (unit->window >> PAGE_SHIFT) + vma->vm_pgoff,
			       pages << PAGE_SHIFT, vma->vm_page_prot);
}

static const struct file_operations trace_fops = {
	.owner = THIS_MODULE,
	.mmap = trace_mmap,
};
