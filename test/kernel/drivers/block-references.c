// SPDX-License-Identifier: MIT
/*
 * References of blocks: a compound block and one that is none, four pages each. The mapping (offset 0 to 3 compound, 4 to 7 the other) inserts pages at once; ioctl
 * 0x101 takes a reference of the page with this number, 0x102 puts one, 0x103 tells the count of the page, 0x104 of its head, 0x105 frees both blocks.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static struct page *blocks[2];

static struct page *block_page(unsigned long index)
{
	return index < 8 && blocks[index / 4] ? blocks[index / 4] + index % 4 : NULL;
}

static int block_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long i;
	int err;

	count_mmap++;
	for (i = 0; i < vma_pages(vma); i++) {
		struct page *page = block_page(vma->vm_pgoff + i);

		if (!page)
			return i ? 0 : -ENXIO;
		err = vm_insert_page(vma, vma->vm_start + (i << PAGE_SHIFT), page);
		if (err)
			return err;
	}
	return 0;
}

static long block_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct page *page = block_page(arg);

	if (cmd != 0x105 && !page)
		return -ENXIO;
	switch (cmd) {
	case 0x101:
		get_page(page);
		return 0;
	case 0x102:
		put_page(page);
		return 0;
	case 0x103:
		return page_ref_count(page);
	case 0x104:
		return page_count(compound_head(page));
	case 0x105:
		for (arg = 0; arg < 2; arg++) {
			if (blocks[arg])
				__free_pages(blocks[arg], 2);
			blocks[arg] = NULL;
		}
		return 0;
	}
	return -ENOTTY;
}

static const struct file_operations block_fops = {
	.owner = THIS_MODULE,
	.mmap = block_mmap,
	.unlocked_ioctl = block_ioctl,
};

static struct miscdevice block_device_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "block-references",
	.fops = &block_fops,
};

static int __init block_init(void)
{
	int i, j;

	blocks[0] = alloc_pages(GFP_KERNEL | __GFP_ZERO | __GFP_COMP, 2);
	blocks[1] = alloc_pages(GFP_KERNEL | __GFP_ZERO, 2);
	if (!blocks[0] || !blocks[1])
		return -ENOMEM;
	for (i = 0; i < 2; i++)
		for (j = 0; j < 4; j++)
			*(u32 *)page_address(blocks[i] + j) = 0xb10c0 + i * 4 + j;
	return misc_register(&block_device_misc);
}
module_init(block_init);

static void __exit block_exit(void)
{
	int i;

	misc_deregister(&block_device_misc);
	for (i = 0; i < 2; i++)
		if (blocks[i])
			__free_pages(blocks[i], 2);
}
module_exit(block_exit);

MODULE_DESCRIPTION("References of blocks of pages");
MODULE_LICENSE("GPL");
