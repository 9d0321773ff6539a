// SPDX-License-Identifier: MIT
/*
 * Pages that come when they are touched, in an xarray by their offset. A write asks page_mkwrite, which marks the page. ioctl 0x101 drops the
 * page at an index, 0x102 tells how many there are, 0x103 how many were written, 0x104 takes the entries away and forgets all pages.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/xarray.h>

static unsigned int count_mmap, count_fault, count_page_mkwrite;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_page_mkwrite, uint, 0444);

#define STORE_LIMIT 64

static DEFINE_XARRAY(sparse_store);
static unsigned int sparse_store_written;
static struct address_space *sparse_store_mapping;

static vm_fault_t sparse_store_fault(struct vm_fault *vmf)
{
	struct page *page, *old;

	count_fault++;
	if (vmf->pgoff >= STORE_LIMIT)
		return VM_FAULT_SIGBUS;
	page = xa_load(&sparse_store, vmf->pgoff);
	if (!page) {
		page = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!page)
			return VM_FAULT_OOM;
		*(u32 *)page_address(page) = 0x5a00 + vmf->pgoff;
		old = xa_cmpxchg(&sparse_store, vmf->pgoff, NULL, page, GFP_KERNEL);
		if (old) {
			__free_page(page);
			if (xa_is_err(old))
				return vmf_error(xa_err(old));
			page = old;
		}
	}
	get_page(page);
	vmf->page = page;
	return 0;
}

static vm_fault_t sparse_store_mkwrite(struct vm_fault *vmf)
{
	count_page_mkwrite++;
	if (vmf->pgoff == 7)
		return VM_FAULT_SIGBUS;
	lock_page(vmf->page);
	sparse_store_written++;
	return VM_FAULT_LOCKED;
}

static const struct vm_operations_struct sparse_store_vm_ops = {
	.fault = sparse_store_fault,
	.page_mkwrite = sparse_store_mkwrite,
};

static int sparse_store_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	sparse_store_mapping = file->f_mapping;
	vma->vm_ops = &sparse_store_vm_ops;
	return 0;
}

static void sparse_store_drop(unsigned long index)
{
	struct page *page = xa_erase(&sparse_store, index);

	if (page)
		put_page(page);
}

static long sparse_store_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	unsigned long index, count = 0;
	struct page *page;

	switch (command) {
	case 0x101:
		sparse_store_drop(argument);
		return 0;
	case 0x102:
		xa_for_each(&sparse_store, index, page)
			count++;
		return count;
	case 0x103:
		return sparse_store_written;
	case 0x104:
		if (sparse_store_mapping)
			unmap_mapping_range(sparse_store_mapping, 0, 0, 1);
		xa_for_each(&sparse_store, index, page)
			sparse_store_drop(index);
		return 0;
	}
	return -ENOTTY;
}

static const struct file_operations sparse_store_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = sparse_store_ioctl,
	.mmap = sparse_store_mmap,
};

static struct miscdevice sparse_store_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "sparse-store",
	.fops = &sparse_store_fops,
};

static int __init sparse_store_init(void)
{
	return misc_register(&sparse_store_device);
}
module_init(sparse_store_init);

static void __exit sparse_store_exit(void)
{
	unsigned long index;
	struct page *page;

	misc_deregister(&sparse_store_device);
	xa_for_each(&sparse_store, index, page)
		sparse_store_drop(index);
	xa_destroy(&sparse_store);
}
module_exit(sparse_store_exit);

MODULE_DESCRIPTION("Pages that come when they are touched");
MODULE_LICENSE("GPL");
