// kernel: 6.12
/* A video device with planes of equal size in one piece of reserved memory. */
#include <linux/mm.h>
#include <linux/module.h>
#include <media/v4l2-dev.h>

#define PLANE_BYTES 0x40000UL

struct grabber {
	dma_addr_t unused;
	phys_addr_t memory;
	unsigned int nr_planes;
};

static struct grabber *the_grabber;

static int grabber_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct grabber *grabber = the_grabber;
	unsigned long plane = vma->vm_pgoff / (PLANE_BYTES >> PAGE_SHIFT);
	unsigned long within = vma->vm_pgoff % (PLANE_BYTES >> PAGE_SHIFT);
	unsigned long length = vma->vm_end - vma->vm_start;

	if (plane >= grabber->nr_planes || within != 0)
		return -EINVAL;
	if (length > PLANE_BYTES)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, (grabber->memory + plane * PLANE_BYTES) >> PAGE_SHIFT, length,
			       vma->vm_page_prot);
}

static const struct v4l2_file_operations grabber_fops = {
	.owner = THIS_MODULE,
	.mmap = grabber_mmap,
};
