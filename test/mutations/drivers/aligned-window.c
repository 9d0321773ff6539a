// kernel: 6.12
/* The window is rounded to whole pages before anything is compared with it. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>

struct camera {
	struct resource *mem;
};

static int camera_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct camera *camera = file->private_data;
	resource_size_t bytes = PAGE_ALIGN(resource_size(camera->mem));
	unsigned long requested = vma->vm_end - vma->vm_start;
	unsigned long offset = vma->vm_pgoff << PAGE_SHIFT;

	if (requested > bytes)
		return -EINVAL;
	if (offset > bytes - requested)
		return -EINVAL;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, (camera->mem->start + offset) >> PAGE_SHIFT, requested,
				  vma->vm_page_prot);
}

static const struct file_operations camera_fops = {
	.owner = THIS_MODULE,
	.mmap = camera_mmap,
};
