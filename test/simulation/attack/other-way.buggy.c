/* A driver of our own: most cards map their memory themselves; for the others the length is compared, and the offset is not. */
#include <linux/fs.h>
#include <linux/mm.h>

struct card;

struct card_ops {
	int (*map)(struct card *card, struct vm_area_struct *vma);
};

struct card {
	const struct card_ops *ops;
	phys_addr_t start;
	unsigned long size;
};

static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct card *card = file->private_data;
	unsigned long size = vma->vm_end - vma->vm_start;
	unsigned long offset = vma->vm_pgoff << PAGE_SHIFT;

	if (card->ops->map)
		return card->ops->map(card, vma);
	if (size > card->size)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, (card->start + offset) >> PAGE_SHIFT, size, vma->vm_page_prot);
}

static const struct file_operations card_fops = {
	.owner = THIS_MODULE,
	.mmap = card_mmap,
};
