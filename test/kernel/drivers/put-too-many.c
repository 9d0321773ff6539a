// SPDX-License-Identifier: MIT
/*
 * Puts more references than it took: ioctl 1 puts the mapped page once, ioctl 2 frees it with __free_page, ioctl 3 takes a
 * reference. The page of an open file comes by the fault handler or, for odd offsets, by vm_insert_page.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static struct page *put_too_many_page;

static vm_fault_t put_too_many_fault(struct vm_fault *vmf)
{
	count_fault++;
	vmf->page = put_too_many_page;
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct put_too_many_vm_ops = {
	.fault = put_too_many_fault,
};

static int put_too_many_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_pgoff & 1)
		return vm_insert_page(vma, vma->vm_start, put_too_many_page);
	vma->vm_ops = &put_too_many_vm_ops;
	return 0;
}

static long put_too_many_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	switch (command) {
	case 1:
		put_page(put_too_many_page);
		return 0;
	case 2:
		__free_page(put_too_many_page);
		return 0;
	case 3:
		get_page(put_too_many_page);
		return 0;
	}
	return -ENOTTY;
}

static int put_too_many_open(struct inode *inode, struct file *file)
{
	put_too_many_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	return put_too_many_page ? 0 : -ENOMEM;
}

static const struct file_operations put_too_many_fops = {
	.owner = THIS_MODULE,
	.open = put_too_many_open,
	.mmap = put_too_many_mmap,
	.unlocked_ioctl = put_too_many_ioctl,
};

static struct miscdevice put_too_many_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "put-too-many",
	.fops = &put_too_many_fops,
};
module_misc_device(put_too_many_device);

MODULE_DESCRIPTION("Puts more references than it took");
MODULE_LICENSE("GPL");
