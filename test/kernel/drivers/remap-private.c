// SPDX-License-Identifier: MIT
/*
 * Refuses shared mappings; private ones get the block, so writes of the program stay its own.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static u32 *remap_private_memory;

static int remap_private_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long length = vma->vm_end - vma->vm_start;

	count_mmap++;
	if (vma->vm_flags & VM_SHARED)
		return -EPERM;
	if (vma->vm_pgoff || length > 2 * PAGE_SIZE)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, virt_to_phys(remap_private_memory) >> PAGE_SHIFT, length, vma->vm_page_prot);
}

static const struct file_operations remap_private_fops = {
	.owner = THIS_MODULE,
	.mmap = remap_private_mmap,
};

static struct miscdevice remap_private_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "remap-private",
	.fops = &remap_private_fops,
};

static int __init remap_private_init(void)
{
	remap_private_memory = (u32 *)__get_free_pages(GFP_KERNEL | __GFP_ZERO, 1);
	if (!remap_private_memory)
		return -ENOMEM;
	remap_private_memory[0] = 0xfeed;
	remap_private_memory[1024] = 0xbeef;
	return misc_register(&remap_private_device);
}
module_init(remap_private_init);

static void __exit remap_private_exit(void)
{
	misc_deregister(&remap_private_device);
	free_pages((unsigned long)remap_private_memory, 1);
}
module_exit(remap_private_exit);

MODULE_DESCRIPTION("Refuses shared mappings; private ones get the block, so writes of the program stay its own");
MODULE_LICENSE("GPL");
