// kernel: 6.12
/* Pages of a capture buffer, inserted one by one from an array. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>

struct capture {
	struct page **pages;
	unsigned long nr_pages;
};

static int capture_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct capture *cap = file->private_data;
	unsigned long count = vma_pages(vma);
	unsigned long addr = vma->vm_start;
	unsigned long i;
	int ret;

	if (vma->vm_pgoff > cap->nr_pages || count > cap->nr_pages - vma->vm_pgoff)
		return -EINVAL;
	for (i = 0; i < count; i++) {
		ret = vm_insert_page(vma, addr, cap->pages[vma->vm_pgoff + i]);
		if (ret)
			return ret;
		addr += PAGE_SIZE;
	}
	return 0;
}

static const struct file_operations capture_fops = {
	.owner = THIS_MODULE,
	.mmap = capture_mmap,
};
