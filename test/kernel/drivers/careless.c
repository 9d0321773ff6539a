// SPDX-License-Identifier: MIT
/*
 * Carelessness with references. What the offset selects (offset / 16): 0 the page given on a fault is the only reference, and release puts it again, 1 vm_insert_page and
 * the page is never freed, 2 the buffer is freed by release although remapped, 3 the mmap function fails after it inserted, and frees the page, 4 put_page after
 * vm_insert_page, as is right, 5 the fault handler allocates a page on every fault, 6 get_page without end on every fault.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

struct careless {
	struct page *page;
	bool put;
};

static vm_fault_t careless_fault(struct vm_fault *vmf)
{
	struct careless *careless = vmf->vma->vm_private_data;

	count_fault++;
	switch (vmf->pgoff >> 4) {
	case 0:
		careless->put = true;
		break;
	case 5:
		vmf->page = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!vmf->page)
			return VM_FAULT_OOM;
		*(u32 *)page_address(vmf->page) = count_fault;
		return 0;
	case 6:
		get_page(careless->page);
		get_page(careless->page);
		break;
	}
	vmf->page = careless->page;
	return 0;
}

static const struct vm_operations_struct careless_vm_ops = {
	.fault = careless_fault,
};

static int careless_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct careless *careless = file->private_data;
	struct page *page;
	int err;

	count_mmap++;
	vma->vm_private_data = careless;
	switch (vma->vm_pgoff >> 4) {
	case 0:
	case 5:
	case 6:
		vma->vm_ops = &careless_vm_ops;
		return 0;
	case 1:
	case 3:
	case 4:
		page = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!page)
			return -ENOMEM;
		*(u32 *)page_address(page) = 0xca4e;
		err = vm_insert_page(vma, vma->vm_start, page);
		if (vma->vm_pgoff >> 4 != 1)
			__free_page(page);
		return vma->vm_pgoff >> 4 == 3 ? -EIO : err;
	case 2:
		return remap_pfn_range(vma, vma->vm_start, page_to_pfn(careless->page), PAGE_SIZE, vma->vm_page_prot);
	}
	return -EBADSLT;
}

static int careless_open(struct inode *inode, struct file *file)
{
	struct careless *careless = kzalloc(sizeof(*careless), GFP_KERNEL);

	if (!careless)
		return -ENOMEM;
	careless->page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!careless->page) {
		kfree(careless);
		return -ENOMEM;
	}
	*(u32 *)page_address(careless->page) = 0x0be4;
	file->private_data = careless;
	return 0;
}

static int careless_release(struct inode *inode, struct file *file)
{
	struct careless *careless = file->private_data;

	put_page(careless->page);
	kfree(careless);
	return 0;
}

static const struct file_operations careless_fops = {
	.owner = THIS_MODULE,
	.open = careless_open,
	.release = careless_release,
	.mmap = careless_mmap,
};

static struct miscdevice careless_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "careless",
	.fops = &careless_fops,
};
module_misc_device(careless_device);

MODULE_DESCRIPTION("Carelessness with references");
MODULE_LICENSE("GPL");
