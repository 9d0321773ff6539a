// SPDX-License-Identifier: MIT
/*
 * Gives pages by the distance from vm_start instead of by the offset of the file, as careless drivers do; it has three.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static struct page *fault_bounds_pages[3];

static vm_fault_t fault_bounds_fault(struct vm_fault *vmf)
{
	unsigned long index = (vmf->address - vmf->vma->vm_start) >> PAGE_SHIFT;

	count_fault++;
	if (index >= ARRAY_SIZE(fault_bounds_pages))
		return VM_FAULT_SIGBUS;
	vmf->page = fault_bounds_pages[index];
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct fault_bounds_vm_ops = {
	.fault = fault_bounds_fault,
};

static int fault_bounds_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_ops = &fault_bounds_vm_ops;
	return 0;
}

static const struct file_operations fault_bounds_fops = {
	.owner = THIS_MODULE,
	.mmap = fault_bounds_mmap,
};

static struct miscdevice fault_bounds_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "fault-bounds",
	.fops = &fault_bounds_fops,
};

static int __init fault_bounds_init(void)
{
	int i;

	for (i = 0; i < 3; i++) {
		fault_bounds_pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!fault_bounds_pages[i])
			return -ENOMEM;
		*(u32 *)page_address(fault_bounds_pages[i]) = 0xb00 + i;
	}
	return misc_register(&fault_bounds_device);
}
module_init(fault_bounds_init);

static void __exit fault_bounds_exit(void)
{
	int i;

	misc_deregister(&fault_bounds_device);
	for (i = 0; i < 3; i++)
		__free_page(fault_bounds_pages[i]);
}
module_exit(fault_bounds_exit);

MODULE_DESCRIPTION("Gives pages by the distance from vm_start instead of by the offset of the file, as careless drivers do; it has three");
MODULE_LICENSE("GPL");
