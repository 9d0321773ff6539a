// kernel: 6.12
/* Offsets of this device are unsigned and may be anything, so the sum is computed with a check. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/overflow.h>

struct doorbell {
	phys_addr_t base;
	unsigned long bytes;
};

static int doorbell_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct doorbell *bell = file->private_data;
	unsigned long length = vma->vm_end - vma->vm_start;
	unsigned long offset, end;

	if (check_shl_overflow(vma->vm_pgoff, PAGE_SHIFT, &offset))
		return -EOVERFLOW;
	if (check_add_overflow(offset, length, &end))
		return -EOVERFLOW;
	if (end > bell->bytes)
		return -EINVAL;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, (bell->base + offset) >> PAGE_SHIFT, length,
				  vma->vm_page_prot);
}

static const struct file_operations doorbell_fops = {
	.owner = THIS_MODULE,
	.fop_flags = FOP_UNSIGNED_OFFSET,
	.mmap = doorbell_mmap,
};
