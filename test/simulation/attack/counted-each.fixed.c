// SPDX-License-Identifier: MIT
/* A mapping counts the first card that it shows, and gives it back; the pages of the others have references of their own. */
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "rack.h"

struct rack_card {
	struct list_head link;
	struct page *page;
	unsigned int users;
};

struct rack_file {
	struct mutex lock;
	struct list_head cards;
	unsigned int count;
};

static void rack_put(struct rack_card *card)
{
	if (--card->users)
		return;
	rack_tell_gone(page_to_pfn(card->page));
	__free_page(card->page);
	kfree(card);
}

static void rack_vma_open(struct vm_area_struct *vma)
{
	struct rack_card *card = vma->vm_private_data;

	card->users++;
}

static void rack_vma_close(struct vm_area_struct *vma)
{
	struct rack_card *card = vma->vm_private_data;

	rack_put(card);
}

static const struct vm_operations_struct rack_vm_ops = {
	.close = rack_vma_close,
	.open = rack_vma_open,
};

static int rack_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct rack_file *rack = file->private_data;
	unsigned long pages = vma_pages(vma);
	struct rack_card *card;
	unsigned long index = 0;
	int ret = -EINVAL;

	mutex_lock(&rack->lock);
	if (vma->vm_pgoff != 0 || pages > rack->count || !(vma->vm_flags & VM_SHARED))
		goto out;
	vm_flags_set(vma, VM_DONTEXPAND);
	ret = 0;
	list_for_each_entry(card, &rack->cards, link) {
		if (index == pages)
			break;
		ret = vm_insert_page(vma, vma->vm_start + index * PAGE_SIZE, card->page);
		if (ret)
			goto out;
		index++;
	}
	if (pages) {
		vma->vm_private_data = list_first_entry(&rack->cards, struct rack_card, link);
		((struct rack_card *)vma->vm_private_data)->users++;
		vma->vm_ops = &rack_vm_ops;
	}
out:
	mutex_unlock(&rack->lock);
	return ret;
}

static int rack_add(struct rack_file *rack, unsigned int count)
{
	struct rack_card *card;

	for (; count; count--) {
		card = kzalloc(sizeof(*card), GFP_KERNEL);
		if (!card)
			return -ENOMEM;
		card->page = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!card->page || rack_tell_new(page_to_pfn(card->page)) < 0) {
			if (card->page)
				__free_page(card->page);
			kfree(card);
			return -ENOMEM;
		}
		card->users = 1;
		list_add_tail(&card->link, &rack->cards);
		rack->count++;
	}
	return 0;
}

static long rack_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct rack_file *rack = file->private_data;
	u32 count;
	int ret;

	if (cmd != RACK_ADD)
		return -ENOTTY;
	if (copy_from_user(&count, (void __user *)arg, sizeof(count)))
		return -EFAULT;
	mutex_lock(&rack->lock);
	ret = count > 64 || rack->count ? -EINVAL : rack_add(rack, count);
	mutex_unlock(&rack->lock);
	return ret;
}

static int rack_open(struct inode *inode, struct file *file)
{
	struct rack_file *rack = kzalloc(sizeof(*rack), GFP_KERNEL);

	if (!rack)
		return -ENOMEM;
	mutex_init(&rack->lock);
	INIT_LIST_HEAD(&rack->cards);
	file->private_data = rack;
	return 0;
}

static int rack_release(struct inode *inode, struct file *file)
{
	struct rack_file *rack = file->private_data;
	struct rack_card *card, *later;

	list_for_each_entry_safe(card, later, &rack->cards, link) {
		list_del(&card->link);
		rack_put(card);
	}
	kfree(rack);
	return 0;
}

static const struct file_operations rack_fops = {
	.owner = THIS_MODULE,
	.open = rack_open,
	.release = rack_release,
	.mmap = rack_mmap,
	.unlocked_ioctl = rack_ioctl,
};

static struct miscdevice rack_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "rack",
	.fops = &rack_fops,
};

module_misc_device(rack_misc);
MODULE_LICENSE("GPL");
