// SPDX-License-Identifier: MIT
/*
 * One vma of patches: each page is another thing in another way, six of them again and again. Some are there from the beginning, others come when they are
 * touched. With O_SYNC everything comes with the first touch of anything.
 */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/pfn_t.h>

#include "compat.h"

static unsigned int count_mmap, count_open, count_close, count_fault, count_page_mkwrite, count_pfn_mkwrite;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_page_mkwrite, uint, 0444);
module_param(count_pfn_mkwrite, uint, 0444);

#define KINDS 6

struct quilt {
	struct cdev cdev;
	dev_t number;
	struct class *class;
	struct page *linen[2];
	unsigned long silk;
};

static struct quilt quilt;

static vm_fault_t quilt_patch(struct vm_area_struct *vma, unsigned long addr, pgoff_t at)
{
	switch (at % KINDS) {
	case 0:
		return vmf_error(vm_insert_page(vma, addr, quilt.linen[0]));
	case 1:
		return vmf_insert_mixed(vma, addr, pfn_to_pfn_t(page_to_pfn(quilt.linen[1])));
	case 2:
		return vmf_insert_mixed(vma, addr, pfn_to_pfn_t(my_zero_pfn(addr)));
	case 3:
		return vmf_insert_pfn_prot(vma, addr, virt_to_phys((void *)quilt.silk) >> PAGE_SHIFT, vma->vm_page_prot);
	case 4:
		return vmf_insert_mixed(vma, addr, __pfn_to_pfn_t(0x18050000 >> PAGE_SHIFT, PFN_DEV));
	}
	return VM_FAULT_SIGBUS;
}

static vm_fault_t quilt_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long addr;

	count_fault++;
	if (vma->vm_file->f_flags & O_DSYNC) {
		for (addr = vma->vm_start; addr < vma->vm_end; addr += PAGE_SIZE)
			quilt_patch(vma, addr, linear_page_index(vma, addr));
		return VM_FAULT_NOPAGE;
	}
	return quilt_patch(vma, vmf->address, vmf->pgoff);
}

static vm_fault_t quilt_page_mkwrite(struct vm_fault *vmf)
{
	count_page_mkwrite++;
	lock_page(vmf->page);
	return VM_FAULT_LOCKED;
}

static vm_fault_t quilt_pfn_mkwrite(struct vm_fault *vmf)
{
	count_pfn_mkwrite++;
	return 0;
}

static void quilt_vma_open(struct vm_area_struct *vma)
{
	count_open++;
}

static void quilt_vma_close(struct vm_area_struct *vma)
{
	count_close++;
}

static const struct vm_operations_struct quilt_vm_ops = {
	.open = quilt_vma_open,
	.close = quilt_vma_close,
	.fault = quilt_fault,
	.page_mkwrite = quilt_page_mkwrite,
	.pfn_mkwrite = quilt_pfn_mkwrite,
};

static int quilt_mmap(struct file *filp, struct vm_area_struct *vma)
{
	unsigned long addr;

	count_mmap++;
	vma->vm_ops = &quilt_vm_ops;
	vm_flags_set(vma, VM_MIXEDMAP | VM_DONTDUMP);
	if (filp->f_flags & O_DSYNC)
		return 0;
	for (addr = vma->vm_start; addr < vma->vm_end; addr += 2 * PAGE_SIZE)
		quilt_patch(vma, addr, linear_page_index(vma, addr));
	return 0;
}

static const struct file_operations quilt_fops = {
	.owner = THIS_MODULE,
	.mmap = quilt_mmap,
};

static int __init quilt_init(void)
{
	struct device *dev;
	int ret = -ENOMEM;

	quilt.linen[0] = alloc_page(GFP_KERNEL | __GFP_ZERO);
	quilt.linen[1] = alloc_page(GFP_KERNEL | __GFP_ZERO);
	quilt.silk = get_zeroed_page(GFP_KERNEL);
	if (!quilt.linen[0] || !quilt.linen[1] || !quilt.silk)
		goto free;
	memset(page_address(quilt.linen[0]), 0x10, PAGE_SIZE);
	memset(page_address(quilt.linen[1]), 0x11, PAGE_SIZE);
	memset((void *)quilt.silk, 0x13, PAGE_SIZE);

	ret = alloc_chrdev_region(&quilt.number, 0, 1, "quilt");
	if (ret)
		goto free;
	cdev_init(&quilt.cdev, &quilt_fops);
	quilt.cdev.owner = THIS_MODULE;
	ret = cdev_add(&quilt.cdev, quilt.number, 1);
	if (ret)
		goto region;
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
	quilt.class = class_create(THIS_MODULE, "quilt");
#else
	quilt.class = class_create("quilt");
#endif
	if (IS_ERR(quilt.class)) {
		ret = PTR_ERR(quilt.class);
		goto cdev;
	}
	dev = device_create(quilt.class, NULL, quilt.number, NULL, "quilt");
	if (!IS_ERR(dev))
		return 0;
	ret = PTR_ERR(dev);
	class_destroy(quilt.class);
cdev:
	cdev_del(&quilt.cdev);
region:
	unregister_chrdev_region(quilt.number, 1);
free:
	free_page(quilt.silk);
	if (quilt.linen[1])
		__free_page(quilt.linen[1]);
	if (quilt.linen[0])
		__free_page(quilt.linen[0]);
	return ret;
}

static void __exit quilt_exit(void)
{
	device_destroy(quilt.class, quilt.number);
	class_destroy(quilt.class);
	cdev_del(&quilt.cdev);
	unregister_chrdev_region(quilt.number, 1);
	free_page(quilt.silk);
	__free_page(quilt.linen[1]);
	__free_page(quilt.linen[0]);
}

module_init(quilt_init);
module_exit(quilt_exit);
MODULE_LICENSE("GPL");
