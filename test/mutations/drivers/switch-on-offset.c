// kernel: 6.12
/* The offset is a cookie: 0 is the register page, 1 the queue, and there is nothing else. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>

#define QUEUE_BYTES (64 * 1024)

struct engine {
	phys_addr_t regs;
	phys_addr_t queue;
};

static int engine_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct engine *engine = file->private_data;
	unsigned long length = vma->vm_end - vma->vm_start;
	phys_addr_t start;

	switch (vma->vm_pgoff) {
	case 0:
		if (length != PAGE_SIZE)
			return -EINVAL;
		start = engine->regs;
		break;
	case 1:
		if (length > QUEUE_BYTES)
			return -EINVAL;
		start = engine->queue;
		break;
	default:
		return -EINVAL;
	}
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, start >> PAGE_SHIFT, length, vma->vm_page_prot);
}

static const struct file_operations engine_fops = {
	.owner = THIS_MODULE,
	.mmap = engine_mmap,
};
