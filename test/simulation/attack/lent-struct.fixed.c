// SPDX-License-Identifier: MIT
/* The page of a link comes from another file, and begins with a struct. It is mapped where the mapping has room for just that. */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "link.h"

struct link_boot {
	u32 magic;
	u32 state;
};

static struct link_bus *bus;

static long lent_ioctl(struct file *file, unsigned int command, unsigned long state)
{
	struct link_boot *boot = bus->ops->page(bus);

	if (command != LINK_SET_STATE)
		return -ENOTTY;
	boot->state = state;
	return 0;
}

static int lent_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;

	if (vma->vm_pgoff)
		return -EINVAL;
	if (vma->vm_flags & VM_WRITE)
		return -EACCES;
	vm_flags_clear(vma, VM_MAYWRITE);
	if (size != LINK_PAGE_SIZE)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, virt_to_phys(bus->ops->page(bus)) >> PAGE_SHIFT, size, vma->vm_page_prot);
}

static const struct file_operations lent_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = lent_ioctl,
	.mmap = lent_mmap,
};

static struct miscdevice lent_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "lent",
	.fops = &lent_fops,
};

int lent_start(struct link_bus *found)
{
	bus = found;
	return misc_register(&lent_misc);
}
MODULE_LICENSE("GPL");
