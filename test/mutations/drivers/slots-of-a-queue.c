// kernel: 6.12
/* Every queue has a slot of equal size; the offset names the slot. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>

#define SLOT_PAGES 4UL

struct switchdev {
	phys_addr_t slots;
	unsigned int nr_slots;
};

static int switch_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct switchdev *sw = file->private_data;
	unsigned long slot = vma->vm_pgoff;

	if (slot >= sw->nr_slots)
		return -ENXIO;
	if (vma_pages(vma) > SLOT_PAGES)
		return -EINVAL;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, (sw->slots >> PAGE_SHIFT) + slot * SLOT_PAGES,
				  vma_pages(vma) << PAGE_SHIFT, vma->vm_page_prot);
}

static const struct file_operations switch_fops = {
	.owner = THIS_MODULE,
	.mmap = switch_mmap,
};
