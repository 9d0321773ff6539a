// kernel: 6.12
/* A ring of pages that is mapped in one batch; only from its start. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>

struct event_ring {
	struct page **pages;
	unsigned int nr_pages;
};

static int event_ring_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct event_ring *ring = file->private_data;
	unsigned long num = vma_pages(vma);

	if (vma->vm_pgoff)
		return -EINVAL;
	if (num > ring->nr_pages)
		return -EINVAL;
	return vm_insert_pages(vma, vma->vm_start, ring->pages, &num);
}

static const struct file_operations event_ring_fops = {
	.owner = THIS_MODULE,
	.mmap = event_ring_mmap,
};
