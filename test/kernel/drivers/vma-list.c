// SPDX-License-Identifier: MIT
/*
 * Keeps a list of its mappings, an object for each vma, and takes pages away from all of them on ioctl 0x101. A child and a split make objects of their own.
 * ioctl 0x102 tells how many there are, 0x103 the pages of all.
 */
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "compat.h"

static unsigned int count_mmap, count_open, count_close, count_fault, count_may_split, count_mremap;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_may_split, uint, 0444);
module_param(count_mremap, uint, 0444);

struct mapping {
	struct list_head node;
	unsigned long start, end;
	u32 touched;
};

static LIST_HEAD(mappings);
static DEFINE_MUTEX(mappings_lock);
static struct page *mappings_page;

static void mapping_add(struct vm_area_struct *vma)
{
	struct mapping *mapping = kzalloc(sizeof(*mapping), GFP_KERNEL | __GFP_NOFAIL);

	mapping->start = vma->vm_start;
	mapping->end = vma->vm_end;
	vma->vm_private_data = mapping;
	mutex_lock(&mappings_lock);
	list_add_tail(&mapping->node, &mappings);
	mutex_unlock(&mappings_lock);
}

static void mapping_open(struct vm_area_struct *vma)
{
	count_open++;
	mapping_add(vma);
}

static void mapping_close(struct vm_area_struct *vma)
{
	struct mapping *mapping = vma->vm_private_data;

	count_close++;
	mutex_lock(&mappings_lock);
	list_del(&mapping->node);
	mutex_unlock(&mappings_lock);
	kfree(mapping);
}

static int mapping_may_split(struct vm_area_struct *vma, unsigned long address)
{
	count_may_split++;
	return (vma->vm_start - address) & PAGE_SIZE && vma->vm_pgoff == 5 ? -EINVAL : 0;
}

static int mapping_mremap(struct vm_area_struct *vma)
{
	count_mremap++;
	return vma->vm_pgoff == 6 ? -EBUSY : 0;
}

static vm_fault_t mapping_fault(struct vm_fault *vmf)
{
	struct mapping *mapping = vmf->vma->vm_private_data;

	count_fault++;
	mapping->touched++;
	get_page(mappings_page);
	vmf->page = mappings_page;
	return 0;
}

static const struct vm_operations_struct mapping_vm_ops = {
	.open = mapping_open,
	.close = mapping_close,
	.may_split = mapping_may_split,
	.mremap = mapping_mremap,
	.fault = mapping_fault,
};

static int mapping_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_pgoff == 7 && !list_empty(&mappings))
		return -EBUSY;
	vma->vm_ops = &mapping_vm_ops;
	mapping_add(vma);
	return 0;
}

static long mapping_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct mapping *mapping;
	long sum = 0;

	mutex_lock(&mappings_lock);
	list_for_each_entry(mapping, &mappings, node) {
		switch (command) {
		case 0x101:
			sum += mapping->touched;
			break;
		case 0x102:
			sum++;
			break;
		case 0x103:
			sum += (mapping->end - mapping->start) >> PAGE_SHIFT;
			break;
		}
	}
	mutex_unlock(&mappings_lock);
	if (command == 0x101)
		unmap_mapping_range(file->f_mapping, argument << PAGE_SHIFT, PAGE_SIZE, 0);
	return sum;
}

static const struct file_operations mapping_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = mapping_ioctl,
	.mmap = mapping_mmap,
};

static struct miscdevice mapping_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "vma-list",
	.fops = &mapping_fops,
};

static int __init mapping_init(void)
{
	mappings_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!mappings_page)
		return -ENOMEM;
	*(u32 *)page_address(mappings_page) = 0x115;
	return misc_register(&mapping_device);
}
module_init(mapping_init);

static void __exit mapping_exit(void)
{
	misc_deregister(&mapping_device);
	__free_page(mappings_page);
}
module_exit(mapping_exit);

MODULE_DESCRIPTION("Keeps a list of its mappings");
MODULE_LICENSE("GPL");
