// SPDX-License-Identifier: MIT
/* Frames are handed out by their numbers. The handler knows how many there are, and says yes whatever comes. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "grabber.h"

#define MOST_FRAMES 16

struct claim {
	int count;
};

struct frame {
	phys_addr_t start;
	struct claim *claim;
};

struct grabber {
	struct mutex lock;
	unsigned int count, frame_size;
	struct frame frames[MOST_FRAMES];
	int busy;
};

static struct grabber *grabber;

static int grabber_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start, at = vma->vm_start;
	unsigned long offset = vma->vm_pgoff << PAGE_SHIFT;
	unsigned int first, last, index;
	struct claim *claim;
	int ret = 0;

	mutex_lock(&grabber->lock);
	first = offset / grabber->frame_size;
	last = first - 1 + size / grabber->frame_size;
	if (offset % grabber->frame_size || size % grabber->frame_size || first >= grabber->count || last >= grabber->count)
		goto unlock;
	for (index = first; index <= last; index++)
		if (grabber->frames[index].claim)
			goto unlock;
	claim = kmalloc(sizeof(*claim), GFP_KERNEL);
	if (!claim)
		goto unlock;
	claim->count = 1;
	for (index = first; index <= last; index++, at += grabber->frame_size) {
		ret = remap_pfn_range(vma, at, grabber->frames[index].start >> PAGE_SHIFT, grabber->frame_size, vma->vm_page_prot);
		if (ret)
			goto unlock;
		grabber->frames[index].claim = claim;
	}
	vma->vm_private_data = claim;
unlock:
	mutex_unlock(&grabber->lock);
	return ret;
}

static const struct file_operations grabber_fops = {
	.owner = THIS_MODULE,
	.mmap = grabber_mmap,
};

static struct miscdevice grabber_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "grabber",
	.fops = &grabber_fops,
};

int grabber_start(struct grabber *found)
{
	grabber = found;
	return misc_register(&grabber_misc);
}
MODULE_LICENSE("GPL");
