// SPDX-License-Identifier: MIT
/*
 * Gives a page for reading and is asked before the first write: page_mkwrite answers by the page of the file: 0 LOCKED, 1
 * 0, 2 SIGBUS, 3 NOPAGE the first time and LOCKED after that, 4 OOM, 5 RETRY the first time.
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

static struct page *mkwrite_pages[6];
static int mkwrite_asked;

static vm_fault_t mkwrite_fault(struct vm_fault *vmf)
{
	count_fault++;
	if (vmf->pgoff >= 6)
		return VM_FAULT_SIGBUS;
	vmf->page = mkwrite_pages[vmf->pgoff];
	get_page(vmf->page);
	return 0;
}

static vm_fault_t mkwrite_page_mkwrite(struct vm_fault *vmf)
{
	count_page_mkwrite++;
	switch (vmf->pgoff) {
	case 1:
		return 0;
	case 2:
		return VM_FAULT_SIGBUS;
	case 3:
		if (mkwrite_asked++ == 0)
			return VM_FAULT_NOPAGE;
		break;
	case 4:
		return VM_FAULT_OOM;
	}
	lock_page(vmf->page);
	return VM_FAULT_LOCKED;
}

static const struct vm_operations_struct mkwrite_vm_ops = {
	.fault = mkwrite_fault,
	.page_mkwrite = mkwrite_page_mkwrite,
};

static int mkwrite_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	mkwrite_asked = 0;
	vma->vm_ops = &mkwrite_vm_ops;
	return 0;
}

static const struct file_operations mkwrite_fops = {
	.owner = THIS_MODULE,
	.mmap = mkwrite_mmap,
};

static struct miscdevice mkwrite_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "mkwrite",
	.fops = &mkwrite_fops,
};

static int __init mkwrite_init(void)
{
	int i;

	for (i = 0; i < 6; i++) {
		mkwrite_pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!mkwrite_pages[i])
			return -ENOMEM;
		*(u32 *)page_address(mkwrite_pages[i]) = 0x3b0 + i;
	}
	return misc_register(&mkwrite_device);
}
module_init(mkwrite_init);

static void __exit mkwrite_exit(void)
{
	int i;

	misc_deregister(&mkwrite_device);
	for (i = 0; i < 6; i++)
		__free_page(mkwrite_pages[i]);
}
module_exit(mkwrite_exit);

MODULE_DESCRIPTION("Gives a page for reading and is asked before the first write");
MODULE_LICENSE("GPL");
