// SPDX-License-Identifier: MIT
/*
 * Maps memory of vmalloc_user with remap_vmalloc_range, or memory of vmalloc from offset 16 on.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/vmalloc.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static void *vmalloc_range_user, *vmalloc_range_plain;

static int vmalloc_range_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_pgoff >= 16)
		return remap_vmalloc_range(vma, vmalloc_range_plain, vma->vm_pgoff - 16);
	return remap_vmalloc_range(vma, vmalloc_range_user, vma->vm_pgoff);
}

static const struct file_operations vmalloc_range_fops = {
	.owner = THIS_MODULE,
	.mmap = vmalloc_range_mmap,
};

static struct miscdevice vmalloc_range_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "vmalloc-range",
	.fops = &vmalloc_range_fops,
};

static int __init vmalloc_range_init(void)
{
	vmalloc_range_user = vmalloc_user(4 * PAGE_SIZE);
	vmalloc_range_plain = vzalloc(4 * PAGE_SIZE);
	if (!vmalloc_range_user || !vmalloc_range_plain)
		return -ENOMEM;
	*(u32 *)vmalloc_range_user = 0x4a5;
	*(u32 *)(vmalloc_range_user + 2 * PAGE_SIZE) = 0x4a7;
	return misc_register(&vmalloc_range_device);
}
module_init(vmalloc_range_init);

static void __exit vmalloc_range_exit(void)
{
	misc_deregister(&vmalloc_range_device);
	vfree(vmalloc_range_user);
	vfree(vmalloc_range_plain);
}
module_exit(vmalloc_range_exit);

MODULE_DESCRIPTION("Maps memory of vmalloc_user with remap_vmalloc_range, or memory of vmalloc from offset 16 on");
MODULE_LICENSE("GPL");
