// kernel: 6.12
/* A chain of ifs on the byte offset, each window with a size of its own. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>

#define CTRL_OFFSET 0UL
#define DATA_OFFSET 0x10000UL

struct modem {
	phys_addr_t ctrl;
	unsigned long ctrl_bytes;
	phys_addr_t data;
	unsigned long data_bytes;
};

static int modem_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct modem *modem = file->private_data;
	unsigned long offset = vma->vm_pgoff << PAGE_SHIFT;
	unsigned long length = vma->vm_end - vma->vm_start;
	phys_addr_t phys;
	unsigned long limit;

	if (offset == CTRL_OFFSET) {
		phys = modem->ctrl;
		limit = modem->ctrl_bytes;
	} else if (offset == DATA_OFFSET) {
		phys = modem->data;
		limit = modem->data_bytes;
	} else {
		return -ENXIO;
	}
	if (length > limit)
		return -EINVAL;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, phys >> PAGE_SHIFT, length, vma->vm_page_prot);
}

static const struct file_operations modem_fops = {
	.owner = THIS_MODULE,
	.mmap = modem_mmap,
};
