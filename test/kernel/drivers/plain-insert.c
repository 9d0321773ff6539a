// SPDX-License-Identifier: MIT
/* The mapping of a first driver that inserts its pages, five of them, one by one; what lies beyond stays empty. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#define BUFFER_PAGES 5

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static struct page *plain_pages[BUFFER_PAGES];

static int plain_mmap(struct file *filp, struct vm_area_struct *vma)
{
	unsigned long uaddr = vma->vm_start;
	unsigned long i;
	int ret;

	count_mmap++;
	for (i = vma->vm_pgoff; i < BUFFER_PAGES && uaddr < vma->vm_end; i++) {
		ret = vm_insert_page(vma, uaddr, plain_pages[i]);
		if (ret < 0)
			return ret;
		uaddr += PAGE_SIZE;
	}
	return 0;
}

static const struct file_operations plain_fops = {
	.owner = THIS_MODULE,
	.mmap = plain_mmap,
};

static struct miscdevice plain_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "plain-insert",
	.fops = &plain_fops,
};

static void plain_free(void)
{
	int i;

	for (i = 0; i < BUFFER_PAGES; i++)
		if (plain_pages[i])
			__free_page(plain_pages[i]);
}

static int __init plain_init(void)
{
	int i, ret = -ENOMEM;

	for (i = 0; i < BUFFER_PAGES; i++) {
		plain_pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!plain_pages[i])
			goto out;
		memset(page_address(plain_pages[i]), 'a' + i, 64);
	}
	ret = misc_register(&plain_device);
	if (!ret)
		return 0;
out:
	plain_free();
	return ret;
}

static void __exit plain_exit(void)
{
	misc_deregister(&plain_device);
	plain_free();
}

module_init(plain_init);
module_exit(plain_exit);
MODULE_DESCRIPTION("The mapping of a first driver, by vm_insert_page");
MODULE_LICENSE("GPL");
