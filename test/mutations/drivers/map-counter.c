// kernel: 6.12
/* The driver waits until nobody maps the screen any more, so the vmas are counted. */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>

struct display {
	atomic_t mappings;
	struct completion idle;
	phys_addr_t base;
	unsigned long bytes;
};

static void display_vm_open(struct vm_area_struct *vma)
{
	struct display *display = vma->vm_private_data;

	atomic_inc(&display->mappings);
}

static void display_vm_close(struct vm_area_struct *vma)
{
	struct display *display = vma->vm_private_data;

	if (atomic_dec_and_test(&display->mappings))
		complete(&display->idle);
}

static const struct vm_operations_struct display_vm_ops = {
	.open = display_vm_open,
	.close = display_vm_close,
};

static int display_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct display *display = file->private_data;
	int ret;

	vma->vm_page_prot = pgprot_writecombine(vma->vm_page_prot);
	ret = vm_iomap_memory(vma, display->base, display->bytes);
	if (ret)
		return ret;
	vma->vm_private_data = display;
	vma->vm_ops = &display_vm_ops;
	atomic_inc(&display->mappings);
	return 0;
}

static const struct file_operations display_fops = {
	.owner = THIS_MODULE,
	.mmap = display_mmap,
};
