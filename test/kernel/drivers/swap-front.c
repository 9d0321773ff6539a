// SPDX-License-Identifier: MIT
/* Two buffers, one shown: programs see the front, write_iter() fills the back, an ioctl swaps and makes all mappings fault anew. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uio.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

#define SIDE_PAGES 3

struct side {
	struct page *pages[SIDE_PAGES];
	unsigned int frame;
};

struct swapper {
	struct mutex lock;
	struct side side[2];
	struct side *front, *back;
	unsigned int swaps;
};

static struct swapper sw;

static void side_free(struct side *s)
{
	int i;

	for (i = 0; i < SIDE_PAGES; i++)
		if (s->pages[i])
			__free_page(s->pages[i]);
}

static int side_alloc(struct side *s, u8 fill)
{
	int i;

	for (i = 0; i < SIDE_PAGES; i++) {
		s->pages[i] = alloc_page(GFP_KERNEL);
		if (!s->pages[i])
			return -ENOMEM;
		memset(page_address(s->pages[i]), fill + i, PAGE_SIZE);
	}
	return 0;
}

static ssize_t swap_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	size_t done = 0;

	mutex_lock(&sw.lock);
	while (iov_iter_count(to) && iocb->ki_pos < SIDE_PAGES * PAGE_SIZE) {
		size_t off = iocb->ki_pos & ~PAGE_MASK;
		size_t n = min_t(size_t, PAGE_SIZE - off, iov_iter_count(to));
		size_t copied = copy_page_to_iter(sw.front->pages[iocb->ki_pos >> PAGE_SHIFT], off, n, to);

		if (!copied)
			break;
		iocb->ki_pos += copied;
		done += copied;
	}
	mutex_unlock(&sw.lock);
	return done;
}

static ssize_t swap_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	size_t off, n, copied;
	ssize_t ret = 0;

	mutex_lock(&sw.lock);
	if (iocb->ki_pos >= SIDE_PAGES * PAGE_SIZE) {
		ret = -ENOSPC;
	} else {
		off = iocb->ki_pos & ~PAGE_MASK;
		n = min_t(size_t, PAGE_SIZE - off, iov_iter_count(from));
		copied = copy_from_iter(page_address(sw.back->pages[iocb->ki_pos >> PAGE_SHIFT]) + off, n, from);
		iocb->ki_pos += copied;
		ret = copied ? copied : -EFAULT;
	}
	mutex_unlock(&sw.lock);
	return ret;
}

static vm_fault_t swap_fault(struct vm_fault *vmf)
{
	count_fault++;
	if (vmf->pgoff >= SIDE_PAGES)
		return VM_FAULT_SIGBUS;
	mutex_lock(&sw.lock);
	vmf->page = sw.front->pages[vmf->pgoff];
	get_page(vmf->page);
	mutex_unlock(&sw.lock);
	return 0;
}

static const struct vm_operations_struct swap_vm_ops = { .fault = swap_fault };

static int swap_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_ops = &swap_vm_ops;
	return 0;
}

static long swap_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case 0x101:
		mutex_lock(&sw.lock);
		swap(sw.front, sw.back);
		sw.front->frame = ++sw.swaps;
		mutex_unlock(&sw.lock);
		unmap_mapping_range(file->f_mapping, 0, 0, arg ? 0 : 1);
		return sw.swaps;
	case 0x102:
		return sw.front - sw.side;
	case 0x103:
		return page_count(sw.side[arg & 1].pages[0]) * 10 + page_count(sw.side[arg & 1].pages[1]);
	case 0x104:
		return sw.front->frame * 10 + sw.back->frame;
	}
	return -ENOTTY;
}

static const struct file_operations swap_fops = {
	.owner = THIS_MODULE,
	.llseek = default_llseek,
	.read_iter = swap_read_iter,
	.write_iter = swap_write_iter,
	.mmap = swap_mmap,
	.unlocked_ioctl = swap_ioctl,
};

static struct miscdevice swap_misc = { .minor = MISC_DYNAMIC_MINOR, .name = "swap-front", .fops = &swap_fops };

static int __init swap_module_init(void)
{
	int err;

	mutex_init(&sw.lock);
	sw.front = &sw.side[0];
	sw.back = &sw.side[1];
	err = side_alloc(sw.front, 0x10) ?: side_alloc(sw.back, 0x20);
	if (!err)
		err = misc_register(&swap_misc);
	if (err) {
		side_free(&sw.side[0]);
		side_free(&sw.side[1]);
	}
	return err;
}

static void __exit swap_module_exit(void)
{
	misc_deregister(&swap_misc);
	side_free(&sw.side[0]);
	side_free(&sw.side[1]);
}
module_init(swap_module_init);
module_exit(swap_module_exit);
MODULE_LICENSE("GPL");
