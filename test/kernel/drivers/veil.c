// SPDX-License-Identifier: MIT
/*
 * One page at every offset, taken away again and again: the fault handler gives the page of the epoch, ioctl 0xb01 begins the next epoch and unmaps the shared entries, 0xb02 the private copies as well,
 * 0xb03 a page of the file only, 0xb04 without unmapping. page_mkwrite refuses in every third epoch, and takes all entries away itself in the epochs after it.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>

static unsigned int count_mmap, count_fault, count_page_mkwrite;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_page_mkwrite, uint, 0444);

#define EPOCHS 4

static struct page *veils[EPOCHS];
static unsigned int epoch;

static vm_fault_t veil_fault(struct vm_fault *vmf)
{
	struct page *page = veils[epoch % EPOCHS];

	count_fault++;
	if (vmf->pgoff >= 6)
		return VM_FAULT_SIGBUS;
	if (vmf->pgoff == 5) {
		lock_page(page);
		get_page(page);
		vmf->page = page;
		return VM_FAULT_LOCKED;
	}
	get_page(page);
	vmf->page = page;
	return vmf->pgoff == 4 ? VM_FAULT_MAJOR : 0;
}

static vm_fault_t veil_page_mkwrite(struct vm_fault *vmf)
{
	struct page *page = vmf->page;

	count_page_mkwrite++;
	if (epoch % 4 == 2)
		return VM_FAULT_SIGBUS;
	if (epoch % 4 == 3) {
		epoch++;
		unmap_mapping_range(vmf->vma->vm_file->f_mapping, 0, 0, 1);
		return VM_FAULT_NOPAGE;
	}
	if (vmf->pgoff & 1)
		set_page_dirty(page);
	lock_page(page);
	return VM_FAULT_LOCKED;
}

static const struct vm_operations_struct veil_vm_ops = {
	.fault = veil_fault,
	.page_mkwrite = veil_page_mkwrite,
};

static int veil_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_ops = &veil_vm_ops;
	return 0;
}

static long veil_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case 0xb01:
	case 0xb02:
		epoch++;
		unmap_mapping_range(file->f_mapping, 0, 0, cmd & 1 ? 0 : 1);
		return epoch;
	case 0xb03:
		epoch++;
		unmap_mapping_pages(file->f_mapping, arg, 1, false);
		return epoch;
	case 0xb04:
		return ++epoch;
	case 0xb05:
		return *(u32 *)page_address(veils[arg % EPOCHS]);
	}
	return -ENOTTY;
}

static const struct file_operations veil_fops = {
	.owner = THIS_MODULE,
	.mmap = veil_mmap,
	.unlocked_ioctl = veil_ioctl,
};

static struct miscdevice veil_dev = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "veil",
	.fops = &veil_fops,
};

static int __init veil_init(void)
{
	int i;

	for (i = 0; i < EPOCHS; i++) {
		veils[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!veils[i])
			goto fail;
		*(u32 *)page_address(veils[i]) = 0xe0 + i;
	}
	return misc_register(&veil_dev);
fail:
	while (--i >= 0)
		__free_page(veils[i]);
	return -ENOMEM;
}

static void __exit veil_exit(void)
{
	int i;

	misc_deregister(&veil_dev);
	for (i = 0; i < EPOCHS; i++)
		__free_page(veils[i]);
}
module_init(veil_init);
module_exit(veil_exit);
MODULE_LICENSE("GPL");
