// kernel: 6.12
/* Each region of the card has an offset of its own; the region is looked for in a table. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>

#define NR_REGIONS 4

struct region {
	unsigned long pgoff;
	unsigned long pages;
	phys_addr_t base;
};

struct radio {
	struct region regions[NR_REGIONS];
};

static int radio_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct radio *radio = file->private_data;
	const struct region *region = NULL;
	int i;

	for (i = 0; i < NR_REGIONS; i++) {
		if (radio->regions[i].pgoff == vma->vm_pgoff) {
			region = &radio->regions[i];
			break;
		}
	}
	if (!region)
		return -EINVAL;
	if (vma_pages(vma) > region->pages)
		return -EINVAL;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, region->base >> PAGE_SHIFT,
				  vma->vm_end - vma->vm_start, vma->vm_page_prot);
}

static const struct file_operations radio_fops = {
	.owner = THIS_MODULE,
	.mmap = radio_mmap,
};
