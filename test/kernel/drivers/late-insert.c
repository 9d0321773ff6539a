// SPDX-License-Identifier: MIT
/*
 * Remembers the vma of its last mapping and fills it later by ioctl, with the mmap lock held: 0x101 inserts the page at the index that the argument tells,
 * 0x102 zaps that page of the vma, 0x103 inserts all, 0x104 takes the lock for reading alone. The vma must be VM_MIXEDMAP beforehand: offset 8 forgets it.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

#define LATE_PAGES 4

static struct page *late_pages[LATE_PAGES];
static struct vm_area_struct *late_vma;

static void late_open(struct vm_area_struct *vma)
{
	count_open++;
}

static void late_close(struct vm_area_struct *vma)
{
	count_close++;
	if (late_vma == vma)
		late_vma = NULL;
}

static const struct vm_operations_struct late_vm_ops = {
	.open = late_open,
	.close = late_close,
};

static int late_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_pgoff < 8)
		vm_flags_set(vma, VM_MIXEDMAP | VM_DONTEXPAND);
	vma->vm_ops = &late_vm_ops;
	late_vma = vma;
	return 0;
}

static int late_insert(unsigned long index)
{
	if (index >= LATE_PAGES)
		return -EINVAL;
	return vm_insert_page(late_vma, late_vma->vm_start + index * PAGE_SIZE, late_pages[index]);
}

static long late_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	long result = 0;
	unsigned long i;

	if (!late_vma || late_vma->vm_mm != current->mm)
		return -ENODEV;
	if (command == 0x104)
		mmap_read_lock(current->mm);
	else
		mmap_write_lock(current->mm);
	switch (command) {
	case 0x101:
	case 0x104:
		result = late_insert(argument);
		break;
	case 0x102:
		zap_vma_ptes(late_vma, late_vma->vm_start + argument * PAGE_SIZE, PAGE_SIZE);
		break;
	case 0x103:
		for (i = 0; i < LATE_PAGES && !result; i++)
			result = late_insert(i);
		break;
	default:
		result = -ENOTTY;
	}
	if (command == 0x104)
		mmap_read_unlock(current->mm);
	else
		mmap_write_unlock(current->mm);
	return result;
}

static const struct file_operations late_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = late_ioctl,
	.mmap = late_mmap,
};

static struct miscdevice late_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "late-insert",
	.fops = &late_fops,
};

static int __init late_init(void)
{
	int i;

	for (i = 0; i < LATE_PAGES; i++) {
		late_pages[i] = alloc_page(GFP_USER | __GFP_ZERO);
		if (!late_pages[i])
			goto undo;
		*(u64 *)page_address(late_pages[i]) = 0x1000 * (i + 1);
	}
	if (!misc_register(&late_device))
		return 0;
undo:
	while (--i >= 0)
		__free_page(late_pages[i]);
	return -ENOMEM;
}
module_init(late_init);

static void __exit late_exit(void)
{
	int i;

	misc_deregister(&late_device);
	for (i = 0; i < LATE_PAGES; i++)
		put_page(late_pages[i]);
}
module_exit(late_exit);

MODULE_DESCRIPTION("Fills its vma later, by ioctl");
MODULE_LICENSE("GPL");
