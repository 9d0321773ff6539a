/* A driver of our own: the fault handler looks a page up by an offset that nobody has compared with the number of pages. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/slab.h>

struct ring {
	struct page **pages;
	unsigned long count;
};

static vm_fault_t ring_fault(struct vm_fault *vmf)
{
	struct ring *ring = vmf->vma->vm_private_data;

	vmf->page = ring->pages[vmf->pgoff];
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct ring_vm_ops = {
	.fault = ring_fault,
};

int ring_fill(struct ring *ring, unsigned long count)
{
	ring->pages = kmalloc_array(count, sizeof(*ring->pages), GFP_KERNEL);
	if (!ring->pages)
		return -ENOMEM;
	ring->count = count;
	return 0;
}

static int ring_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct ring *ring = file->private_data;

	if (vma->vm_pgoff || vma_pages(vma) > ring->count)
		return -EINVAL;
	vma->vm_private_data = ring;
	vma->vm_ops = &ring_vm_ops;
	return 0;
}

static const struct file_operations ring_fops = {
	.owner = THIS_MODULE,
	.mmap = ring_mmap,
};
