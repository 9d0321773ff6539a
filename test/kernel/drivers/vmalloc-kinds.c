// SPDX-License-Identifier: MIT
/*
 * Asks remap_vmalloc_range to map what it may not or may (offset / 16): 0 vmalloc, 1 vzalloc, 2 vmalloc_32_user, 3 pages
 * of vmap, 4 memory of kmalloc, 5 the second page of vmalloc_user memory.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static void *vmalloc_kinds_memory[5];
static struct page *vmalloc_kinds_pages[2];

static int vmalloc_kinds_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long kind = vma->vm_pgoff / 16;
	unsigned long pgoff = vma->vm_pgoff % 16;

	count_mmap++;
	if (kind == 5)
		return remap_vmalloc_range(vma, vmalloc_kinds_memory[2] + PAGE_SIZE, pgoff);
	if (kind >= ARRAY_SIZE(vmalloc_kinds_memory))
		return -ENXIO;
	return remap_vmalloc_range(vma, vmalloc_kinds_memory[kind], pgoff);
}

static const struct file_operations vmalloc_kinds_fops = {
	.owner = THIS_MODULE,
	.mmap = vmalloc_kinds_mmap,
};

static struct miscdevice vmalloc_kinds_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "vmalloc-kinds",
	.fops = &vmalloc_kinds_fops,
};

static int __init vmalloc_kinds_init(void)
{
	vmalloc_kinds_pages[0] = alloc_page(GFP_KERNEL | __GFP_ZERO);
	vmalloc_kinds_pages[1] = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!vmalloc_kinds_pages[0] || !vmalloc_kinds_pages[1])
		return -ENOMEM;
	vmalloc_kinds_memory[0] = vmalloc(2 * PAGE_SIZE);
	vmalloc_kinds_memory[1] = vzalloc(2 * PAGE_SIZE);
	vmalloc_kinds_memory[2] = vmalloc_32_user(2 * PAGE_SIZE);
	vmalloc_kinds_memory[3] = vmap(vmalloc_kinds_pages, 2, VM_MAP, PAGE_KERNEL);
	vmalloc_kinds_memory[4] = kzalloc(2 * PAGE_SIZE, GFP_KERNEL);
	if (!vmalloc_kinds_memory[0] || !vmalloc_kinds_memory[1] || !vmalloc_kinds_memory[2] || !vmalloc_kinds_memory[3] || !vmalloc_kinds_memory[4])
		return -ENOMEM;
	*(u32 *)vmalloc_kinds_memory[2] = 0x32;
	return misc_register(&vmalloc_kinds_device);
}
module_init(vmalloc_kinds_init);

static void __exit vmalloc_kinds_exit(void)
{
	misc_deregister(&vmalloc_kinds_device);
	vfree(vmalloc_kinds_memory[0]);
	vfree(vmalloc_kinds_memory[1]);
	vfree(vmalloc_kinds_memory[2]);
	vunmap(vmalloc_kinds_memory[3]);
	kfree(vmalloc_kinds_memory[4]);
	__free_page(vmalloc_kinds_pages[0]);
	__free_page(vmalloc_kinds_pages[1]);
}
module_exit(vmalloc_kinds_exit);

MODULE_DESCRIPTION("Asks remap_vmalloc_range to map what it may not or may (offset / 16)");
MODULE_LICENSE("GPL");
