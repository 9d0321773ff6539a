// kernel: 6.12
/* vm_iomap_memory() checks offset and length against the resource that it is told. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>

struct fifo {
	struct resource *res;
};

static int fifo_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct fifo *fifo = file->private_data;
	int err;

	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	err = vm_iomap_memory(vma, fifo->res->start, resource_size(fifo->res));
	if (err)
		return err;
	return 0;
}

static const struct file_operations fifo_fops = {
	.owner = THIS_MODULE,
	.mmap = fifo_mmap,
};
