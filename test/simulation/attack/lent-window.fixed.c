/* Windows of a card say whether they may be written, and one that may not stays so. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>

struct card_window {
	phys_addr_t phys;
	u64 start;
	u32 rights;
};

#define WINDOW_READ 1
#define WINDOW_WRITE 2

extern int card_window_at(void *card, u64 start, u64 length, struct card_window *window);

static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	u64 length = vma->vm_end - vma->vm_start;
	u64 start = vma->vm_pgoff << PAGE_SHIFT;
	struct card_window window;
	int ret;

	ret = card_window_at(file->private_data, start, length, &window);
	if (ret)
		return ret;
	if ((vma->vm_flags & VM_READ) && !(window.rights & WINDOW_READ))
		return -EPERM;
	if ((vma->vm_flags & VM_WRITE) && !(window.rights & WINDOW_WRITE))
		return -EPERM;
	if (!(window.rights & WINDOW_WRITE))
		vm_flags_clear(vma, VM_MAYWRITE);
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, (window.phys + (start - window.start)) >> PAGE_SHIFT, length, vma->vm_page_prot);
}

static const struct file_operations card_fops = {
	.owner = THIS_MODULE,
	.mmap = card_mmap,
};
