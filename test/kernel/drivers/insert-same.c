// SPDX-License-Identifier: MIT
/*
 * Inserts one page at every address of the vma; from offset 1 on it inserts the first address again and returns what comes
 * of that.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static struct page *insert_same_page;

static int insert_same_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long address;
	int err;

	count_mmap++;
	for (address = vma->vm_start; address < vma->vm_end; address += PAGE_SIZE) {
		err = vm_insert_page(vma, address, insert_same_page);
		if (err)
			return err;
	}
	return vma->vm_pgoff ? vm_insert_page(vma, vma->vm_start, insert_same_page) : 0;
}

static const struct file_operations insert_same_fops = {
	.owner = THIS_MODULE,
	.mmap = insert_same_mmap,
};

static struct miscdevice insert_same_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "insert-same",
	.fops = &insert_same_fops,
};

static int __init insert_same_init(void)
{
	insert_same_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!insert_same_page)
		return -ENOMEM;
	*(u32 *)page_address(insert_same_page) = 0x5a3e;
	return misc_register(&insert_same_device);
}
module_init(insert_same_init);

static void __exit insert_same_exit(void)
{
	misc_deregister(&insert_same_device);
	__free_page(insert_same_page);
}
module_exit(insert_same_exit);

MODULE_DESCRIPTION("Inserts one page at every address of the vma; from offset 1 on it inserts the first address again and returns what comes of that");
MODULE_LICENSE("GPL");
