// SPDX-License-Identifier: MIT
/* The queues of a card lie one behind the other in plain memory; programs may look at their requests, not change them. */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "card.h"

struct card_queue {
	int depth;
	char *requests;
};

struct card {
	char *queues;
	unsigned int count;
};

static struct card_queue *card_queue(struct card *card, unsigned int index)
{
	return (struct card_queue *)&(card->queues[index * sizeof(struct card_queue)]);
}

int card_init_queues(struct card *card, int depth)
{
	unsigned int index;

	card->queues = kcalloc(card->count, sizeof(struct card_queue), GFP_KERNEL);
	if (!card->queues)
		return -ENOMEM;
	for (index = 0; index < card->count; index++) {
		struct card_queue *queue = card_queue(card, index);

		queue->depth = depth;
		queue->requests = (char *)__get_free_pages(GFP_KERNEL | __GFP_ZERO, get_order(depth * PAGE_SIZE));
		if (!queue->requests)
			return -ENOMEM;
	}
	return 0;
}

static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct card *card = file->private_data;
	unsigned long size = vma->vm_end - vma->vm_start;
	struct card_queue *queue;

	if (vma->vm_flags & VM_WRITE)
		return -EPERM;
	if (vma->vm_pgoff >= card->count)
		return -EINVAL;
	queue = card_queue(card, vma->vm_pgoff);
	if (size != queue->depth * PAGE_SIZE)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, virt_to_phys(queue->requests) >> PAGE_SHIFT, size, vma->vm_page_prot);
}

const struct file_operations card_fops = {
	.owner = THIS_MODULE,
	.mmap = card_mmap,
};
MODULE_LICENSE("GPL");
