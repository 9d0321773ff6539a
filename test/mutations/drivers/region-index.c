// kernel: 6.12
/* The upper bits of the offset name a bar, the lower ones a page of it. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>

#define BAR_SHIFT 20
#define NR_BARS 6

struct bar {
	phys_addr_t start;
	unsigned long bytes;
};

struct vcard {
	struct bar bars[NR_BARS];
};

static int vcard_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct vcard *card = file->private_data;
	unsigned long index = vma->vm_pgoff >> (BAR_SHIFT - PAGE_SHIFT);
	unsigned long page = vma->vm_pgoff & ((1UL << (BAR_SHIFT - PAGE_SHIFT)) - 1);
	unsigned long pages;

	if (index >= NR_BARS)
		return -EINVAL;
	pages = card->bars[index].bytes >> PAGE_SHIFT;
	if (page >= pages || vma_pages(vma) > pages - page)
		return -EINVAL;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, (card->bars[index].start >> PAGE_SHIFT) + page,
				  vma->vm_end - vma->vm_start, vma->vm_page_prot);
}

static const struct file_operations vcard_fops = {
	.owner = THIS_MODULE,
	.mmap = vcard_mmap,
};
