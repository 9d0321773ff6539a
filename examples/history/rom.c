// SPDX-License-Identifier: MIT
/* A ROM that programs may map privately and change in their copies: remap_pfn_range() over the whole vma, as /dev/mem does. */
#include <linux/module.h>
#include <linux/init.h>
#include <linux/fs.h>
#include <linux/mm.h>

#define ROM_MAJOR 133
#define ROM_BASE 0xfa000000UL
#define ROM_SIZE (2 * PAGE_SIZE)

static int rom_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;

	if (size > ROM_SIZE)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, ROM_BASE >> PAGE_SHIFT, size, vma->vm_page_prot);
}

static struct file_operations rom_fops = {
	.owner	= THIS_MODULE,
	.mmap	= rom_mmap,
};

static int __init rom_init(void)
{
	if (!request_mem_region(ROM_BASE, ROM_SIZE, "rom"))
		return -EBUSY;
	return register_chrdev(ROM_MAJOR, "rom", &rom_fops);
}

module_init(rom_init);
