// SPDX-License-Identifier: MIT
/*
 * Pins pages of the program by ioctl: 1 pins the page at the address for writing, 2 for reading, 3 writes 0x919 into the
 * pinned page, 4 gives it back and marks it dirty. The mapping is a page by the fault handler, or pfns for odd offsets.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static struct page *pin_user_page, *pin_user_pinned;

static vm_fault_t pin_user_fault(struct vm_fault *vmf)
{
	count_fault++;
	vmf->page = pin_user_page;
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct pin_user_vm_ops = {
	.fault = pin_user_fault,
};

static int pin_user_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_pgoff & 1)
		return remap_pfn_range(vma, vma->vm_start, page_to_pfn(pin_user_page), PAGE_SIZE, vma->vm_page_prot);
	vma->vm_ops = &pin_user_vm_ops;
	return 0;
}

static long pin_user_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	int got;

	switch (command) {
	case 1:
	case 2:
		if (pin_user_pinned)
			return -EBUSY;
		got = pin_user_pages_fast(argument & PAGE_MASK, 1, command == 1 ? FOLL_WRITE : 0, &pin_user_pinned);
		return got < 0 ? got : 0;
	case 3:
		if (!pin_user_pinned)
			return -ENODATA;
		*(u32 *)page_address(pin_user_pinned) = 0x919;
		return 0;
	case 4:
		if (!pin_user_pinned)
			return -ENODATA;
		unpin_user_pages_dirty_lock(&pin_user_pinned, 1, true);
		pin_user_pinned = NULL;
		return 0;
	}
	return -ENOTTY;
}

static const struct file_operations pin_user_fops = {
	.owner = THIS_MODULE,
	.mmap = pin_user_mmap,
	.unlocked_ioctl = pin_user_ioctl,
};

static struct miscdevice pin_user_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "pin-user",
	.fops = &pin_user_fops,
};

static int __init pin_user_init(void)
{
	pin_user_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!pin_user_page)
		return -ENOMEM;
	return misc_register(&pin_user_device);
}
module_init(pin_user_init);

static void __exit pin_user_exit(void)
{
	misc_deregister(&pin_user_device);
	__free_page(pin_user_page);
}
module_exit(pin_user_exit);

MODULE_DESCRIPTION("Pins pages of the program by ioctl");
MODULE_LICENSE("GPL");
