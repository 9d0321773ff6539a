// SPDX-License-Identifier: MIT
/* Mappings are counted when they are made, and each vma that goes counts down; a copy made by fork(2) is counted as well. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>

struct tape {
	struct mutex lock;
	unsigned int mappings;
	unsigned int flags;
	struct page *page;
};

static void tape_vma_open(struct vm_area_struct *vma)
{
	struct tape *tape = vma->vm_private_data;

	mutex_lock(&tape->lock);
	tape->mappings++;
	mutex_unlock(&tape->lock);
}

static void tape_vma_close(struct vm_area_struct *vma)
{
	struct tape *tape = vma->vm_private_data;

	mutex_lock(&tape->lock);
	tape->mappings--;
	mutex_unlock(&tape->lock);
}

static const struct vm_operations_struct tape_vm_ops = {
	.open = tape_vma_open,
	.close = tape_vma_close,
};

static int tape_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct tape *tape = file->private_data;
	int ret;

	if (vma->vm_pgoff != 0x40 || vma_pages(vma) != 1 || (tape->flags & 0x8) == 0)
		return -EINVAL;
	ret = vm_insert_page(vma, vma->vm_start, tape->page);
	if (ret)
		return ret;
	vma->vm_private_data = tape;
	vma->vm_ops = &tape_vm_ops;
	mutex_lock(&tape->lock);
	tape->mappings++;
	mutex_unlock(&tape->lock);
	return 0;
}

const struct file_operations tape_fops = {
	.owner = THIS_MODULE,
	.mmap = tape_mmap,
};
MODULE_LICENSE("GPL");
