// SPDX-License-Identifier: MIT
/*
 * Has a map_pages function besides fault; it maps nothing, so fault is asked after it.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap, count_fault, count_map_pages;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_map_pages, uint, 0444);

static struct page *around_page;

static vm_fault_t around_fault(struct vm_fault *vmf)
{
	count_fault++;
	vmf->page = around_page;
	get_page(vmf->page);
	return 0;
}

static vm_fault_t around_map_pages(struct vm_fault *vmf, pgoff_t start, pgoff_t end)
{
	count_map_pages++;
	return 0;
}

static const struct vm_operations_struct around_vm_ops = {
	.fault = around_fault,
	.map_pages = around_map_pages,
};

static int around_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_ops = &around_vm_ops;
	return 0;
}

static const struct file_operations around_fops = {
	.owner = THIS_MODULE,
	.mmap = around_mmap,
};

static struct miscdevice around_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "around",
	.fops = &around_fops,
};

static int __init around_init(void)
{
	around_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!around_page)
		return -ENOMEM;
	*(u32 *)page_address(around_page) = 0xa40;
	return misc_register(&around_device);
}
module_init(around_init);

static void __exit around_exit(void)
{
	misc_deregister(&around_device);
	__free_page(around_page);
}
module_exit(around_exit);

MODULE_DESCRIPTION("Has a map_pages function besides fault; it maps nothing, so fault is asked after it");
MODULE_LICENSE("GPL");
