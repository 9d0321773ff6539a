// SPDX-License-Identifier: MIT
/* Maps the bank once all of its slots have power, and no more than that. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "bank.h"

#define BANK_SLOTS 12

struct bank {
	struct bank_slot *slots;
	unsigned long base_pfn;
	unsigned long pages;
};

static int bank_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct bank *bank = file->private_data;
	unsigned int index;

	for (index = 0; index < BANK_SLOTS; index++)
		if (bank->slots[index].state != BANK_SLOT_powered)
			return -EAGAIN;
	if (vma->vm_pgoff >= bank->pages || vma_pages(vma) > bank->pages - vma->vm_pgoff)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, bank->base_pfn + vma->vm_pgoff, vma->vm_end - vma->vm_start,
			       vma->vm_page_prot);
}

static const struct file_operations bank_fops = {
	.owner = THIS_MODULE,
	.mmap = bank_mmap,
};

MODULE_LICENSE("GPL");
