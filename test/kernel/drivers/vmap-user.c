// SPDX-License-Identifier: MIT
/*
 * An area that vmap() made of pages of its own, given to remap_vmalloc_range(). What the offset selects (offset / 16): 0 the whole area, 1 an area without
 * VM_USERMAP, 4 an address that is no area's, 5 memory of vmalloc_user with an odd size, 6 of vzalloc, 9 from the middle of the area.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/vmalloc.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

#define AREA_PAGES 4

static struct page *area_pages[AREA_PAGES];
static void *area_user, *area_kernel, *area_low, *area_zero;

static int area_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long first = vma->vm_pgoff & 15;

	count_mmap++;
	switch (vma->vm_pgoff >> 4) {
	case 0:
		return remap_vmalloc_range(vma, area_user, first);
	case 1:
		return remap_vmalloc_range(vma, area_kernel, first);
	case 4:
		return remap_vmalloc_range(vma, page_address(area_pages[0]), 0);
	case 5:
		return remap_vmalloc_range(vma, area_low, first);
	case 6:
		return remap_vmalloc_range(vma, area_zero, first);
	case 9:
		return remap_vmalloc_range(vma, area_user + PAGE_SIZE, first);
	}
	return -ENXIO;
}

static const struct file_operations area_fops = {
	.owner = THIS_MODULE,
	.mmap = area_mmap,
};

static struct miscdevice area_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "vmap-user",
	.fops = &area_fops,
};

static void area_free(void)
{
	int i;

	vfree(area_zero);
	vfree(area_low);
	vunmap(area_kernel);
	vunmap(area_user);
	for (i = 0; i < AREA_PAGES; i++)
		if (area_pages[i])
			__free_page(area_pages[i]);
}

static int __init area_init(void)
{
	int i, err = -ENOMEM;

	for (i = 0; i < AREA_PAGES; i++) {
		area_pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!area_pages[i])
			goto failed;
	}
	area_user = vmap(area_pages, AREA_PAGES, VM_MAP | VM_USERMAP, PAGE_KERNEL);
	area_kernel = vmap(area_pages, AREA_PAGES, VM_MAP, PAGE_KERNEL);
	area_low = vmalloc_user(PAGE_SIZE + 16);
	area_zero = vzalloc(2 * PAGE_SIZE);
	if (!area_user || !area_kernel || !area_low || !area_zero)
		goto failed;
	for (i = 0; i < AREA_PAGES; i++)
		((u32 *)area_user)[i * 1024] = 0xa4ea + i;
	err = misc_register(&area_device);
	if (!err)
		return 0;
failed:
	area_free();
	return err;
}
module_init(area_init);

static void __exit area_exit(void)
{
	misc_deregister(&area_device);
	area_free();
}
module_exit(area_exit);

MODULE_DESCRIPTION("An area of vmap in the hands of remap_vmalloc_range");
MODULE_LICENSE("GPL");
