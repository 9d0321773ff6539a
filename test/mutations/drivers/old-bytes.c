// kernel: 4.4
/* Written for kernels that let any offset through: the sum of bytes is told from one that wrapped. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>

struct scope {
	unsigned long base;
	unsigned long bytes;
};

static int scope_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct scope *scope = file->private_data;
	unsigned long offset = vma->vm_pgoff << PAGE_SHIFT;
	unsigned long length = vma->vm_end - vma->vm_start;

	if (offset >> PAGE_SHIFT != vma->vm_pgoff)
		return -EINVAL;
	if (offset + length < offset)
		return -EINVAL;
	if (offset + length > scope->bytes)
		return -EINVAL;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, (scope->base >> PAGE_SHIFT) + vma->vm_pgoff, length,
				  vma->vm_page_prot);
}

static const struct file_operations scope_fops = {
	.owner = THIS_MODULE,
	.mmap = scope_mmap,
};
