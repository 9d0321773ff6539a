// SPDX-License-Identifier: MIT
/*
 * Inserts pages into the beginning of the vma: as many as the offset says. There is no fault handler for the rest.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static struct page *insert_partly_pages[4];

static int insert_partly_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long i;
	int err;

	count_mmap++;
	if (vma->vm_pgoff > 4 || vma->vm_pgoff > vma_pages(vma))
		return -EINVAL;
	for (i = 0; i < vma->vm_pgoff; i++) {
		err = vm_insert_page(vma, vma->vm_start + i * PAGE_SIZE, insert_partly_pages[i]);
		if (err)
			return err;
	}
	return 0;
}

static const struct file_operations insert_partly_fops = {
	.owner = THIS_MODULE,
	.mmap = insert_partly_mmap,
};

static struct miscdevice insert_partly_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "insert-partly",
	.fops = &insert_partly_fops,
};

static int __init insert_partly_init(void)
{
	int i;

	for (i = 0; i < 4; i++) {
		insert_partly_pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!insert_partly_pages[i])
			return -ENOMEM;
		*(u32 *)page_address(insert_partly_pages[i]) = 0x900 + i;
	}
	return misc_register(&insert_partly_device);
}
module_init(insert_partly_init);

static void __exit insert_partly_exit(void)
{
	int i;

	misc_deregister(&insert_partly_device);
	for (i = 0; i < 4; i++)
		__free_page(insert_partly_pages[i]);
}
module_exit(insert_partly_exit);

MODULE_DESCRIPTION("Inserts pages into the beginning of the vma");
MODULE_LICENSE("GPL");
