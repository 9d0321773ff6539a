// kernel: 6.12
/* Maps as much of the window as there is, and leaves the rest of the vma empty. */
#include <linux/fs.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>

struct sensor {
	phys_addr_t base;
	unsigned long bytes;
};

static int sensor_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct sensor *sensor = file->private_data;
	unsigned long length = min(vma->vm_end - vma->vm_start, sensor->bytes);

	if (vma->vm_pgoff)
		return -EINVAL;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, sensor->base >> PAGE_SHIFT, length, vma->vm_page_prot);
}

static const struct file_operations sensor_fops = {
	.owner = THIS_MODULE,
	.mmap = sensor_mmap,
};
