// SPDX-License-Identifier: MIT
/* Hands out pages of a fixed region by a bitmap: what is not handed out gives SIGBUS; freeing zaps it in all mappings. */
#include <linux/bitmap.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/uaccess.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

#define REGION_ORDER 4
#define REGION_PAGES (1 << REGION_ORDER)

struct bit_alloc {
	__u32 pages;
	__u32 align;
	__s32 first;
	__u32 left;
};

static struct page *region;
static DECLARE_BITMAP(used, REGION_PAGES);
static DEFINE_MUTEX(region_lock);

static vm_fault_t bit_fault(struct vm_fault *vmf)
{
	vm_fault_t ret = VM_FAULT_SIGBUS;
	struct page *page;

	count_fault++;
	mutex_lock(&region_lock);
	if (vmf->pgoff < REGION_PAGES && test_bit(vmf->pgoff, used)) {
		page = region + vmf->pgoff;
		get_page(page);
		vmf->page = page;
		ret = 0;
	}
	mutex_unlock(&region_lock);
	return ret;
}

static const struct vm_operations_struct bit_vm_ops = {
	.fault = bit_fault,
};

static int bit_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_pgoff + vma_pages(vma) > REGION_PAGES)
		return -EINVAL;
	if ((vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE)
		return -EINVAL;
	vm_flags_set(vma, VM_DONTEXPAND);
	vma->vm_ops = &bit_vm_ops;
	return 0;
}

static long bit_allocate(struct bit_alloc __user *user)
{
	struct bit_alloc a;
	unsigned long at;

	if (copy_from_user(&a, user, sizeof(a)))
		return -EFAULT;
	if (!a.pages || a.pages > REGION_PAGES || (a.align & (a.align - 1)))
		return -EINVAL;
	mutex_lock(&region_lock);
	at = bitmap_find_next_zero_area(used, REGION_PAGES, 0, a.pages, a.align ? a.align - 1 : 0);
	if (at < REGION_PAGES)
		bitmap_set(used, at, a.pages);
	a.first = at < REGION_PAGES ? at : -1;
	a.left = REGION_PAGES - bitmap_weight(used, REGION_PAGES);
	mutex_unlock(&region_lock);
	if (copy_to_user(user, &a, sizeof(a)))
		return -EFAULT;
	return a.first < 0 ? -ENOSPC : a.first;
}

static long bit_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	unsigned long first = arg & 0xff, n = arg >> 8, i;

	switch (cmd) {
	case 0xc0104201:
		return bit_allocate((void __user *)arg);
	case 0x4202:
		if (!n || first + n > REGION_PAGES)
			return -EINVAL;
		mutex_lock(&region_lock);
		for (i = first; i < first + n; i++) {
			if (!test_and_clear_bit(i, used))
				continue;
			unmap_mapping_range(file->f_mapping, (loff_t)i << PAGE_SHIFT, PAGE_SIZE, 1);
			clear_highpage(region + i);
		}
		mutex_unlock(&region_lock);
		return 0;
	case 0x4203:
		return used[0];
	case 0x4204:
		return find_last_bit(used, REGION_PAGES);
	}
	return -ENOTTY;
}

static const struct file_operations bit_fops = {
	.owner = THIS_MODULE,
	.mmap = bit_mmap,
	.unlocked_ioctl = bit_ioctl,
};

static struct miscdevice bit_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "bit-pages",
	.fops = &bit_fops,
};

static int __init bit_init(void)
{
	int err;

	region = alloc_pages(GFP_KERNEL | __GFP_ZERO, REGION_ORDER);
	if (!region)
		return -ENOMEM;
	split_page(region, REGION_ORDER);
	err = misc_register(&bit_misc);
	if (err)
		while (err && region)
			region = NULL;
	return err;
}

static void __exit bit_exit(void)
{
	int i;

	misc_deregister(&bit_misc);
	for (i = 0; i < REGION_PAGES; i++)
		__free_page(region + i);
}
module_init(bit_init);
module_exit(bit_exit);
MODULE_LICENSE("GPL");
