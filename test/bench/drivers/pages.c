// SPDX-License-Identifier: MIT
/* For the benchmark: every page of the mapping is allocated and inserted on its own. */
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/mm.h>

static int pages_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long address;
	struct page *page;
	int err;

	for (address = vma->vm_start; address < vma->vm_end; address += PAGE_SIZE) {
		page = alloc_page(GFP_KERNEL);
		if (!page)
			return -ENOMEM;
		err = vm_insert_page(vma, address, page);
		put_page(page);
		if (err)
			return err;
	}
	return 0;
}

static const struct file_operations pages_fops = {
	.mmap = pages_mmap,
};
