// SPDX-License-Identifier: MIT
/*
 * Maps the caller's own memory a second time: ioctl 0x201 ADDRESS holds a page by get_user_pages (0x202: for writing), 0x203 WAY chooses how mmap
 * hands it on, 0x204 gives all pages back, 0x205 adds one to the first byte of the first page, 0x206 tells the page's mapcount.
 */
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pfn_t.h>
#include <linux/slab.h>

#include "compat.h"

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);
static unsigned int count_fault;
module_param(count_fault, uint, 0444);

#define MAX_HELD 3

struct held {
	struct mutex lock;
	unsigned int n, way;
	struct page *page[MAX_HELD];
};

static int held_mapcount(struct page *page)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0)
	return page_mapcount(page);
#else
	return folio_mapcount(page_folio(page));
#endif
}

static int held_open(struct inode *inode, struct file *file)
{
	struct held *h = kzalloc(sizeof(*h), GFP_KERNEL);

	if (!h)
		return -ENOMEM;
	mutex_init(&h->lock);
	file->private_data = h;
	return 0;
}

static void held_drop(struct held *h)
{
	while (h->n)
		put_page(h->page[--h->n]);
}

static int held_release(struct inode *inode, struct file *file)
{
	struct held *h = file->private_data;

	held_drop(h);
	kfree(h);
	return 0;
}

static long held_take(struct held *h, unsigned long addr, unsigned int gup)
{
	long got;

	if (h->n == MAX_HELD)
		return -ENOSPC;
	mmap_read_lock(current->mm);
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
	got = get_user_pages(addr & PAGE_MASK, 1, gup, &h->page[h->n], NULL);
#else
	got = get_user_pages(addr & PAGE_MASK, 1, gup, &h->page[h->n]);
#endif
	mmap_read_unlock(current->mm);
	if (got == 1)
		h->n++;
	return got;
}

static long held_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct held *h = file->private_data;
	long ret = 0;
	u8 *byte;

	mutex_lock(&h->lock);
	switch (cmd) {
	case 0x201:
	case 0x202:
		ret = held_take(h, arg, cmd == 0x202 ? FOLL_WRITE : 0);
		break;
	case 0x203:
		h->way = arg;
		break;
	case 0x204:
		held_drop(h);
		break;
	case 0x205:
		if (!h->n) {
			ret = -ENXIO;
			break;
		}
		byte = kmap_local_page(h->page[0]);
		ret = ++byte[0];
		kunmap_local(byte);
		break;
	case 0x206:
		ret = h->n ? held_mapcount(h->page[0]) : -ENXIO;
		break;
	default:
		ret = -ENOTTY;
	}
	mutex_unlock(&h->lock);
	return ret;
}

static vm_fault_t held_fault(struct vm_fault *vmf)
{
	struct held *h = vmf->vma->vm_file->private_data;

	count_fault++;
	if (vmf->pgoff >= h->n)
		return VM_FAULT_SIGBUS;
	return vmf_insert_mixed(vmf->vma, vmf->address, page_to_pfn_t(h->page[vmf->pgoff]));
}

static const struct vm_operations_struct held_vm_ops = {
	.fault = held_fault,
};

static int held_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct held *h = file->private_data;
	unsigned long i, num = vma_pages(vma);
	int err = 0;

	count_mmap++;
	if (!num || num > h->n)
		return -ENXIO;
	switch (h->way) {
	case 0:
		for (i = 0; !err && i < num; i++)
			err = vm_insert_page(vma, vma->vm_start + i * PAGE_SIZE, h->page[i]);
		return err;
	case 1:
		for (i = 0; !err && i < num; i++)
			err = remap_pfn_range(vma, vma->vm_start + i * PAGE_SIZE, page_to_pfn(h->page[i]), PAGE_SIZE, vma->vm_page_prot);
		return err;
	case 2:
		vm_flags_set(vma, VM_MIXEDMAP);
		vma->vm_ops = &held_vm_ops;
		return 0;
	case 3:
		return vm_map_pages(vma, h->page, h->n);
	case 4:
		vm_flags_set(vma, VM_PFNMAP | VM_DONTCOPY);
		for (i = 0; i < num; i++)
			vmf_insert_pfn(vma, vma->vm_start + i * PAGE_SIZE, page_to_pfn(h->page[i]));
		return 0;
	}
	return -EOPNOTSUPP;
}

static const struct file_operations held_fops = {
	.owner = THIS_MODULE,
	.open = held_open,
	.release = held_release,
	.mmap = held_mmap,
	.unlocked_ioctl = held_ioctl,
};

static struct miscdevice held_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "umbilical",
	.fops = &held_fops,
};
module_misc_device(held_device);
MODULE_LICENSE("GPL");
