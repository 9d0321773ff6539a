// SPDX-License-Identifier: MIT
/*
 * Maps a page of the program into another mapping: ioctl 1 remembers the page at an address, mmap inserts it by
 * vm_insert_page (offset 0), by the fault handler (offset 1) or as a pfn (offset 2).
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static struct page *insert_user_page;

static vm_fault_t insert_user_fault(struct vm_fault *vmf)
{
	count_fault++;
	vmf->page = insert_user_page;
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct insert_user_vm_ops = {
	.fault = insert_user_fault,
};

static int insert_user_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (!insert_user_page || vma_pages(vma) != 1)
		return -EINVAL;
	switch (vma->vm_pgoff) {
	case 0:
		return vm_insert_page(vma, vma->vm_start, insert_user_page);
	case 1:
		vma->vm_ops = &insert_user_vm_ops;
		return 0;
	case 2:
		return remap_pfn_range(vma, vma->vm_start, page_to_pfn(insert_user_page), PAGE_SIZE, vma->vm_page_prot);
	}
	return -ENXIO;
}

static long insert_user_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	int got;

	if (command != 1)
		return -ENOTTY;
	if (insert_user_page)
		return -EBUSY;
	got = get_user_pages_fast(argument & PAGE_MASK, 1, FOLL_WRITE, &insert_user_page);
	return got < 0 ? got : 0;
}

static int insert_user_release(struct inode *inode, struct file *file)
{
	if (insert_user_page)
		put_page(insert_user_page);
	insert_user_page = NULL;
	return 0;
}

static const struct file_operations insert_user_fops = {
	.owner = THIS_MODULE,
	.mmap = insert_user_mmap,
	.release = insert_user_release,
	.unlocked_ioctl = insert_user_ioctl,
};

static struct miscdevice insert_user_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "insert-user",
	.fops = &insert_user_fops,
};
module_misc_device(insert_user_device);

MODULE_DESCRIPTION("Maps a page of the program into another mapping");
MODULE_LICENSE("GPL");
