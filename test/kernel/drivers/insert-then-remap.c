// SPDX-License-Identifier: MIT
/*
 * Mixes calls in one vma: the offset selects 0 a page and then pfns, 1 pfns and then a page.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static struct page *insert_then_remap_block;

static int insert_then_remap_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long second = vma->vm_start + PAGE_SIZE;
	int err;

	count_mmap++;
	if (vma_pages(vma) != 2)
		return -EINVAL;
	if (vma->vm_pgoff == 0) {
		err = vm_insert_page(vma, vma->vm_start, insert_then_remap_block);
		return err ? err : remap_pfn_range(vma, second, page_to_pfn(insert_then_remap_block) + 1, PAGE_SIZE, vma->vm_page_prot);
	}
	err = remap_pfn_range(vma, vma->vm_start, page_to_pfn(insert_then_remap_block), PAGE_SIZE, vma->vm_page_prot);
	return err ? err : vm_insert_page(vma, second, insert_then_remap_block);
}

static const struct file_operations insert_then_remap_fops = {
	.owner = THIS_MODULE,
	.mmap = insert_then_remap_mmap,
};

static struct miscdevice insert_then_remap_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "insert-then-remap",
	.fops = &insert_then_remap_fops,
};

static int __init insert_then_remap_init(void)
{
	insert_then_remap_block = alloc_pages(GFP_KERNEL | __GFP_ZERO | __GFP_COMP, 1);
	if (!insert_then_remap_block)
		return -ENOMEM;
	*(u32 *)page_address(insert_then_remap_block) = 0x111;
	*(u32 *)page_address(insert_then_remap_block + 1) = 0x222;
	return misc_register(&insert_then_remap_device);
}
module_init(insert_then_remap_init);

static void __exit insert_then_remap_exit(void)
{
	misc_deregister(&insert_then_remap_device);
	__free_pages(insert_then_remap_block, 1);
}
module_exit(insert_then_remap_exit);

MODULE_DESCRIPTION("Mixes calls in one vma");
MODULE_LICENSE("GPL");
