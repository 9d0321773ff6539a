// SPDX-License-Identifier: MIT
/* A tile that is not mapped is given back. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "tile-pool.h"

struct viewer {
	struct tile_pool *pool;
};

static int viewer_open(struct inode *inode, struct file *file)
{
	struct viewer *viewer = kzalloc(sizeof(*viewer), GFP_KERNEL);

	if (!viewer)
		return -ENOMEM;
	viewer->pool = tile_pool_default();
	file->private_data = viewer;
	return 0;
}

static int viewer_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static int viewer_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct viewer *viewer = file->private_data;
	struct tile_entry *entry = tile_entry_get_index(viewer->pool, vma->vm_pgoff);
	int ret;

	if (!entry)
		return -EINVAL;
	if (vma->vm_end - vma->vm_start != PAGE_SIZE) {
		tile_entry_put(entry);
		return -EINVAL;
	}
	ret = vm_insert_page(vma, vma->vm_start, entry->page);
	tile_entry_put(entry);
	return ret;
}

static const struct file_operations viewer_fops = {
	.owner = THIS_MODULE,
	.open = viewer_open,
	.release = viewer_release,
	.mmap = viewer_mmap,
};

static struct miscdevice viewer_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "viewer",
	.fops = &viewer_fops,
};

module_misc_device(viewer_misc);
MODULE_LICENSE("GPL");
