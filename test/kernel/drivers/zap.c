// SPDX-License-Identifier: MIT
/*
 * Maps a block with remap_pfn_range, or by vm_insert_page for odd offsets. By ioctl with an address it takes entries away
 * with zap_vma_ptes: 1 the page of the address, 2 to the end of the vma, 3 a page more than the vma has.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static struct page *zap_block;

static int zap_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long i;
	int err;

	count_mmap++;
	if (vma_pages(vma) > 4)
		return -EINVAL;
	if (!(vma->vm_pgoff & 1))
		return remap_pfn_range(vma, vma->vm_start, page_to_pfn(zap_block), vma->vm_end - vma->vm_start,
				       vma->vm_page_prot);
	for (i = 0; i < vma_pages(vma); i++) {
		err = vm_insert_page(vma, vma->vm_start + i * PAGE_SIZE, zap_block + i);
		if (err)
			return err;
	}
	return 0;
}

static long zap_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct vm_area_struct *vma;
	unsigned long size = PAGE_SIZE;

	mmap_read_lock(current->mm);
	vma = find_vma(current->mm, argument);
	if (!vma || vma->vm_start > argument || vma->vm_file != file) {
		mmap_read_unlock(current->mm);
		return -ENOENT;
	}
	if (command == 2)
		size = vma->vm_end - argument;
	else if (command == 3)
		size = vma->vm_end - argument + PAGE_SIZE;
	zap_vma_ptes(vma, argument, size);
	mmap_read_unlock(current->mm);
	return 0;
}

static const struct file_operations zap_fops = {
	.owner = THIS_MODULE,
	.mmap = zap_mmap,
	.unlocked_ioctl = zap_ioctl,
};

static struct miscdevice zap_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "zap",
	.fops = &zap_fops,
};

static int __init zap_init(void)
{
	zap_block = alloc_pages(GFP_KERNEL | __GFP_ZERO | __GFP_COMP, 2);
	if (!zap_block)
		return -ENOMEM;
	*(u32 *)page_address(zap_block) = 0x2a9;
	return misc_register(&zap_device);
}
module_init(zap_init);

static void __exit zap_exit(void)
{
	misc_deregister(&zap_device);
	__free_pages(zap_block, 2);
}
module_exit(zap_exit);

MODULE_DESCRIPTION("Maps a block with remap_pfn_range, or by vm_insert_page for odd offsets");
MODULE_LICENSE("GPL");
