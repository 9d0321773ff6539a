// SPDX-License-Identifier: MIT
/*
 * Maps pfns and lets debuggers read them by vm_ops->access: generic_access_phys for offset 0, a function of its own for
 * offset 1 that knows the first four pages, none for offset 2.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/string.h>

static unsigned int count_mmap, count_access;
module_param(count_mmap, uint, 0444);
module_param(count_access, uint, 0444);

static unsigned long access_memory;

static int access_own(struct vm_area_struct *vma, unsigned long address, void *buffer, int length, int write)
{
	unsigned long offset = address - vma->vm_start;

	count_access++;
	if (offset >= 4 * PAGE_SIZE)
		return -EFAULT;
	if (write)
		memcpy((void *)access_memory + offset, buffer, length);
	else
		memcpy(buffer, (void *)access_memory + offset, length);
	return length;
}

static const struct vm_operations_struct access_generic_ops = {
	.access = generic_access_phys,
};

static const struct vm_operations_struct access_own_ops = {
	.access = access_own,
};

static int access_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma_pages(vma) > 4)
		return -EINVAL;
	if (vma->vm_pgoff == 0)
		vma->vm_ops = &access_generic_ops;
	else if (vma->vm_pgoff == 1)
		vma->vm_ops = &access_own_ops;
	return remap_pfn_range(vma, vma->vm_start, __pa(access_memory) >> PAGE_SHIFT, vma->vm_end - vma->vm_start,
			       vma->vm_page_prot);
}

static const struct file_operations access_fops = {
	.owner = THIS_MODULE,
	.mmap = access_mmap,
};

static struct miscdevice access_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "access",
	.fops = &access_fops,
};

static int __init access_init(void)
{
	access_memory = __get_free_pages(GFP_KERNEL | __GFP_ZERO, 2);
	if (!access_memory)
		return -ENOMEM;
	*(u32 *)access_memory = 0xacce55;
	return misc_register(&access_device);
}
module_init(access_init);

static void __exit access_exit(void)
{
	misc_deregister(&access_device);
	free_pages(access_memory, 2);
}
module_exit(access_exit);

MODULE_DESCRIPTION("Maps pfns and lets debuggers read them by vm_ops->access");
MODULE_LICENSE("GPL");
