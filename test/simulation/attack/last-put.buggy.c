// SPDX-License-Identifier: MIT
/* A mapping that ends gives its window back, and then asks the window where the lock is. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/io.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>

struct board {
	struct mutex lock;
	struct list_head windows;
};

struct window {
	struct list_head node;
	struct kref ref;
	struct board *board;
	phys_addr_t start;
	unsigned long bytes;
};

static void window_free(struct kref *ref)
{
	struct window *window = container_of(ref, struct window, ref);

	list_del(&window->node);
	kfree(window);
}

static void window_vma_open(struct vm_area_struct *vma)
{
	struct window *window = vma->vm_private_data;

	kref_get(&window->ref);
}

static void window_vma_close(struct vm_area_struct *vma)
{
	struct window *window = vma->vm_private_data;

	mutex_lock(&window->board->lock);
	kref_put(&window->ref, window_free);
	mutex_unlock(&window->board->lock);
}

static const struct vm_operations_struct window_vm_ops = {
	.open = window_vma_open,
	.close = window_vma_close,
};

static int board_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct board *board = file->private_data;
	struct window *window;
	int ret = -ENXIO;

	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	mutex_lock(&board->lock);
	list_for_each_entry(window, &board->windows, node) {
		if (vma->vm_pgoff || vma->vm_end - vma->vm_start != window->bytes)
			continue;
		ret = vm_iomap_memory(vma, window->start, window->bytes);
		if (ret)
			break;
		vma->vm_private_data = window;
		vma->vm_ops = &window_vm_ops;
		window_vma_open(vma);
		break;
	}
	mutex_unlock(&board->lock);
	return ret;
}

static const struct file_operations board_fops = {
	.owner = THIS_MODULE,
	.mmap = board_mmap,
};

static struct miscdevice board_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "board",
	.fops = &board_fops,
};

module_misc_device(board_misc);
MODULE_LICENSE("GPL");
