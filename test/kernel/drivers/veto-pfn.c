// SPDX-License-Identifier: MIT
/*
 * Maps pfns and refuses to be split or moved.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap, count_may_split, count_mremap;
module_param(count_mmap, uint, 0444);
module_param(count_may_split, uint, 0444);
module_param(count_mremap, uint, 0444);

static unsigned long veto_pfn_memory;

static int veto_pfn_may_split(struct vm_area_struct *vma, unsigned long address)
{
	count_may_split++;
	return -EBUSY;
}

static int veto_pfn_mremap(struct vm_area_struct *vma)
{
	count_mremap++;
	return -EINVAL;
}

static const struct vm_operations_struct veto_pfn_vm_ops = {
	.may_split = veto_pfn_may_split,
	.mremap = veto_pfn_mremap,
};

static int veto_pfn_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma_pages(vma) > 4)
		return -EINVAL;
	vma->vm_ops = &veto_pfn_vm_ops;
	return remap_pfn_range(vma, vma->vm_start, __pa(veto_pfn_memory) >> PAGE_SHIFT, vma->vm_end - vma->vm_start,
			       vma->vm_page_prot);
}

static const struct file_operations veto_pfn_fops = {
	.owner = THIS_MODULE,
	.mmap = veto_pfn_mmap,
};

static struct miscdevice veto_pfn_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "veto-pfn",
	.fops = &veto_pfn_fops,
};

static int __init veto_pfn_init(void)
{
	veto_pfn_memory = __get_free_pages(GFP_KERNEL | __GFP_ZERO, 2);
	if (!veto_pfn_memory)
		return -ENOMEM;
	return misc_register(&veto_pfn_device);
}
module_init(veto_pfn_init);

static void __exit veto_pfn_exit(void)
{
	misc_deregister(&veto_pfn_device);
	free_pages(veto_pfn_memory, 2);
}
module_exit(veto_pfn_exit);

MODULE_DESCRIPTION("Maps pfns and refuses to be split or moved");
MODULE_LICENSE("GPL");
