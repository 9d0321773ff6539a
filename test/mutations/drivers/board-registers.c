// kernel: 6.12
/* Registers of a board in one memory window: a page of the window, then the pages behind it. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

struct board {
	struct miscdevice misc;
	phys_addr_t base;
	unsigned long nr_pages;
};

static int board_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct board *board = container_of(file->private_data, struct board, misc);

	if (vma->vm_pgoff >= board->nr_pages)
		return -EINVAL;
	if (vma_pages(vma) > board->nr_pages - vma->vm_pgoff)
		return -EINVAL;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, PHYS_PFN(board->base) + vma->vm_pgoff,
				  vma->vm_end - vma->vm_start, vma->vm_page_prot);
}

static const struct file_operations board_fops = {
	.owner = THIS_MODULE,
	.mmap = board_mmap,
};
