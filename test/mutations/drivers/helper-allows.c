// kernel: 6.12
/* The check stands in a function of its own, which two handlers use. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>

struct tuner {
	phys_addr_t regs;
	unsigned long regs_pages;
	phys_addr_t table;
	unsigned long table_pages;
};

static bool tuner_allows(unsigned long first, unsigned long pages, unsigned long limit)
{
	if (first >= limit)
		return false;
	return pages <= limit - first;
}

static int tuner_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct tuner *tuner = file->private_data;

	if (!tuner_allows(vma->vm_pgoff, vma_pages(vma), tuner->regs_pages))
		return -EINVAL;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, (tuner->regs >> PAGE_SHIFT) + vma->vm_pgoff,
				  vma->vm_end - vma->vm_start, vma->vm_page_prot);
}

static int tuner_table_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct tuner *tuner = file->private_data;

	if (!tuner_allows(vma->vm_pgoff, vma_pages(vma), tuner->table_pages))
		return -EINVAL;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, (tuner->table >> PAGE_SHIFT) + vma->vm_pgoff,
				  vma->vm_end - vma->vm_start, vma->vm_page_prot);
}

static const struct file_operations tuner_fops = {
	.owner = THIS_MODULE,
	.mmap = tuner_mmap,
};

static const struct file_operations tuner_table_fops = {
	.owner = THIS_MODULE,
	.mmap = tuner_table_mmap,
};
