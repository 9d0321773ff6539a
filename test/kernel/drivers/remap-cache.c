// SPDX-License-Identifier: MIT
/*
 * Maps RAM with other cache types: the offset selects 0 none, 1 uncached, 2 write-combining, 3 write-through, 4 read-only
 * protection, 5 a protection without any right.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static unsigned long remap_cache_memory;

static int remap_cache_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma_pages(vma) > 2)
		return -EINVAL;
	switch (vma->vm_pgoff) {
	case 0:
		break;
	case 1:
		vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
		break;
	case 2:
		vma->vm_page_prot = pgprot_writecombine(vma->vm_page_prot);
		break;
	case 3:
		vma->vm_page_prot = pgprot_writethrough(vma->vm_page_prot);
		break;
	case 4:
		vma->vm_page_prot = PAGE_READONLY;
		break;
	case 5:
		vma->vm_page_prot = PAGE_NONE;
		break;
	default:
		return -EINVAL;
	}
	return remap_pfn_range(vma, vma->vm_start, __pa(remap_cache_memory) >> PAGE_SHIFT, vma->vm_end - vma->vm_start,
			       vma->vm_page_prot);
}

static const struct file_operations remap_cache_fops = {
	.owner = THIS_MODULE,
	.mmap = remap_cache_mmap,
};

static struct miscdevice remap_cache_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "remap-cache",
	.fops = &remap_cache_fops,
};

static int __init remap_cache_init(void)
{
	remap_cache_memory = __get_free_pages(GFP_KERNEL | __GFP_ZERO, 1);
	if (!remap_cache_memory)
		return -ENOMEM;
	*(u32 *)remap_cache_memory = 0xcac4e;
	return misc_register(&remap_cache_device);
}
module_init(remap_cache_init);

static void __exit remap_cache_exit(void)
{
	misc_deregister(&remap_cache_device);
	free_pages(remap_cache_memory, 1);
}
module_exit(remap_cache_exit);

MODULE_DESCRIPTION("Maps RAM with other cache types");
MODULE_LICENSE("GPL");
