// kernel: 6.12
/* The pages of a vmalloc buffer, one after the other, until the vma is full. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/vmalloc.h>

struct mixer {
	void *area;
	unsigned long area_bytes;
};

static int mixer_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct mixer *mixer = file->private_data;
	unsigned long left = vma->vm_end - vma->vm_start;
	unsigned long addr = vma->vm_start;
	char *pos = mixer->area;
	int err;

	if (vma->vm_pgoff)
		return -EINVAL;
	if (left > mixer->area_bytes)
		return -EINVAL;
	while (left > 0) {
		err = vm_insert_page(vma, addr, vmalloc_to_page(pos));
		if (err)
			return err;
		addr += PAGE_SIZE;
		pos += PAGE_SIZE;
		left -= PAGE_SIZE;
	}
	return 0;
}

static const struct file_operations mixer_fops = {
	.owner = THIS_MODULE,
	.mmap = mixer_mmap,
};
