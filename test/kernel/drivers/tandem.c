// SPDX-License-Identifier: MIT
/*
 * A ring whose control page is remapped and whose data pages are inserted, by two calls into one vma, and a doorbell page behind them in memory without struct page, by a third. The vma's flags are written
 * by hand before and after. A private mapping may read only. ioctl 0xe01 rings, 0xe02 takes the doorbell's entry away, 0xe03 puts it back (both look for the vma that was mapped last).
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "compat.h"

static unsigned int count_mmap, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

#define DOORBELL 0x18090000
#define TANDEM_DATA 2

struct rider {
	struct list_head list;
	struct vm_area_struct *vma;
};

static LIST_HEAD(riders);
static DEFINE_MUTEX(riders_lock);
static struct {
	u32 *control;
	struct page *data[TANDEM_DATA];
	void __iomem *bell;
} tandem;

static int rider_add(struct vm_area_struct *vma)
{
	struct rider *r = kmalloc(sizeof(*r), GFP_KERNEL);

	if (!r)
		return -ENOMEM;
	r->vma = vma;
	mutex_lock(&riders_lock);
	list_add(&r->list, &riders);
	mutex_unlock(&riders_lock);
	return 0;
}

static void tandem_vm_open(struct vm_area_struct *vma)
{
	count_open++;
	WARN_ON(rider_add(vma));
}

static void tandem_vm_close(struct vm_area_struct *vma)
{
	struct rider *r, *next;

	count_close++;
	mutex_lock(&riders_lock);
	list_for_each_entry_safe(r, next, &riders, list) {
		if (r->vma != vma)
			continue;
		list_del(&r->list);
		kfree(r);
		break;
	}
	mutex_unlock(&riders_lock);
}

static const struct vm_operations_struct tandem_vm_ops = {
	.open = tandem_vm_open,
	.close = tandem_vm_close,
};

static int tandem_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long uaddr = vma->vm_start;
	int i, ret;

	count_mmap++;
	if (vma->vm_pgoff || vma_pages(vma) > 2 + TANDEM_DATA)
		return -EINVAL;
	if (!(vma->vm_flags & VM_SHARED)) {
		if (vma->vm_flags & VM_WRITE)
			return -EACCES;
		vm_flags_clear(vma, VM_MAYWRITE);
	}
	ret = remap_pfn_range(vma, uaddr, virt_to_phys(tandem.control) >> PAGE_SHIFT, PAGE_SIZE, vma->vm_page_prot);
	if (ret)
		return ret;
	vm_flags_clear(vma, VM_PFNMAP | VM_DONTEXPAND);
	uaddr += PAGE_SIZE;
	for (i = 0; i < TANDEM_DATA && uaddr < vma->vm_end; i++, uaddr += PAGE_SIZE) {
		ret = vm_insert_page(vma, uaddr, tandem.data[i]);
		if (ret)
			return ret;
	}
	if (uaddr < vma->vm_end) {
		ret = io_remap_pfn_range(vma, uaddr, DOORBELL >> PAGE_SHIFT, PAGE_SIZE, pgprot_noncached(vma->vm_page_prot));
		if (ret)
			return ret;
		vm_flags_clear(vma, VM_PFNMAP);
	}
	vma->vm_ops = &tandem_vm_ops;
	return rider_add(vma);
}

static long tandem_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct rider *r;
	unsigned long at;
	long ret = 0;

	if (cmd == 0xe01) {
		writel(arg, tandem.bell);
		tandem.control[0]++;
		return readl(tandem.bell + 4);
	}
	mmap_write_lock(current->mm);
	mutex_lock(&riders_lock);
	r = list_first_entry_or_null(&riders, struct rider, list);
	if (!r || r->vma->vm_mm != current->mm || vma_pages(r->vma) != 2 + TANDEM_DATA) {
		ret = -ESRCH;
		goto out;
	}
	at = r->vma->vm_end - PAGE_SIZE;
	if (cmd == 0xe02) {
		vm_flags_set(r->vma, VM_PFNMAP);
		zap_vma_ptes(r->vma, at, PAGE_SIZE);
	} else if (cmd == 0xe03) {
		ret = remap_pfn_range(r->vma, at, DOORBELL >> PAGE_SHIFT, PAGE_SIZE, r->vma->vm_page_prot);
	} else {
		ret = -ENOTTY;
	}
	vm_flags_clear(r->vma, VM_PFNMAP);
out:
	mutex_unlock(&riders_lock);
	mmap_write_unlock(current->mm);
	return ret;
}

static const struct file_operations tandem_fops = {
	.owner = THIS_MODULE,
	.mmap = tandem_mmap,
	.unlocked_ioctl = tandem_ioctl,
};

static struct miscdevice tandem_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "tandem",
	.fops = &tandem_fops,
};

static int __init tandem_init(void)
{
	int i, err = -ENOMEM;

	tandem.control = (u32 *)__get_free_page(GFP_KERNEL | __GFP_ZERO);
	if (!tandem.control)
		return err;
	for (i = 0; i < TANDEM_DATA; i++) {
		tandem.data[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!tandem.data[i])
			goto free;
	}
	if (!request_mem_region(DOORBELL, PAGE_SIZE, "tandem")) {
		err = -EBUSY;
		goto free;
	}
	tandem.bell = ioremap(DOORBELL, PAGE_SIZE);
	if (!tandem.bell)
		goto release;
	err = misc_register(&tandem_misc);
	if (!err)
		return 0;
	iounmap(tandem.bell);
release:
	release_mem_region(DOORBELL, PAGE_SIZE);
free:
	for (i = 0; i < TANDEM_DATA; i++)
		if (tandem.data[i])
			__free_page(tandem.data[i]);
	free_page((unsigned long)tandem.control);
	return err;
}
module_init(tandem_init);

static void __exit tandem_exit(void)
{
	int i;

	misc_deregister(&tandem_misc);
	iounmap(tandem.bell);
	release_mem_region(DOORBELL, PAGE_SIZE);
	for (i = 0; i < TANDEM_DATA; i++)
		__free_page(tandem.data[i]);
	free_page((unsigned long)tandem.control);
}
module_exit(tandem_exit);
MODULE_LICENSE("GPL");
