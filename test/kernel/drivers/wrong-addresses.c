// SPDX-License-Identifier: MIT
/*
 * Mistakes with addresses and sizes. What the offset selects (offset / 16): 0 none, 2 the pfn shifted once too often, 4 static data of the module,
 * one page of it, 6 a byte address given as a pfn, 7 the size in pages instead of bytes, 9 a byte too little, 10 a part of a kmalloc buffer, 11 the first
 * page of vmalloc memory, 12 no size, 13 an address inside of a page, 14 to 16 protections of their own.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

static unsigned int count_mmap, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_close, uint, 0444);

static u32 wrong_data[2 * PAGE_SIZE / sizeof(u32)] __aligned(PAGE_SIZE);
static u32 *wrong_vmalloc;
static u32 *wrong_pages;
static u32 *wrong_small;

static void wrong_close(struct vm_area_struct *vma)
{
	count_close++;
}

static const struct vm_operations_struct wrong_vm_ops = {
	.close = wrong_close,
};

static int wrong_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;
	unsigned long pfn = virt_to_phys(wrong_pages) >> PAGE_SHIFT;

	count_mmap++;
	vma->vm_ops = &wrong_vm_ops;
	switch (vma->vm_pgoff / 16) {
	case 2:
		pfn >>= PAGE_SHIFT;
		break;
	case 4:
		pfn = vmalloc_to_pfn(wrong_data);
		size = PAGE_SIZE;
		break;
	case 6:
		pfn = virt_to_phys(wrong_pages);
		break;
	case 7:
		size = vma_pages(vma);
		break;
	case 9:
		size = vma->vm_end - vma->vm_start - 1;
		break;
	case 10:
		pfn = virt_to_phys(wrong_small + 64) >> PAGE_SHIFT;
		break;
	case 11:
		pfn = vmalloc_to_pfn(wrong_vmalloc);
		break;
	case 12:
		pfn = __pa(wrong_pages) >> PAGE_SHIFT;
		size = 0;
		break;
	case 13:
		return remap_pfn_range(vma, vma->vm_start + 0x100, pfn, PAGE_SIZE, vma->vm_page_prot);
	case 14:
		return remap_pfn_range(vma, vma->vm_start, pfn, size, PAGE_READONLY);
	case 15:
		return remap_pfn_range(vma, vma->vm_start, pfn, size, PAGE_SHARED);
	case 16:
		return remap_pfn_range(vma, vma->vm_start, pfn, size, PAGE_KERNEL);
	}
	return remap_pfn_range(vma, vma->vm_start, pfn, size, vma->vm_page_prot);
}

static const struct file_operations wrong_fops = {
	.owner = THIS_MODULE,
	.mmap = wrong_mmap,
};

static struct miscdevice wrong_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "wrong-addresses",
	.fops = &wrong_fops,
};

static int __init wrong_init(void)
{
	int err = -ENOMEM;

	wrong_vmalloc = vmalloc_user(2 * PAGE_SIZE);
	wrong_pages = (u32 *)__get_free_pages(GFP_KERNEL | __GFP_ZERO, 2);
	wrong_small = kzalloc(2048, GFP_KERNEL);
	if (!wrong_vmalloc || !wrong_pages || !wrong_small)
		goto failed;
	wrong_data[0] = 0xda7a;
	wrong_vmalloc[0] = 0x3a11;
	wrong_pages[0] = 0x9a9e5;
	wrong_small[0] = 0x5311;
	err = misc_register(&wrong_device);
	if (!err)
		return 0;
failed:
	kfree(wrong_small);
	free_pages((unsigned long)wrong_pages, 2);
	vfree(wrong_vmalloc);
	return err;
}
module_init(wrong_init);

static void __exit wrong_exit(void)
{
	misc_deregister(&wrong_device);
	kfree(wrong_small);
	free_pages((unsigned long)wrong_pages, 2);
	vfree(wrong_vmalloc);
}
module_exit(wrong_exit);

MODULE_DESCRIPTION("Mistakes with addresses");
MODULE_LICENSE("GPL");
