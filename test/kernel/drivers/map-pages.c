// SPDX-License-Identifier: MIT
/*
 * Maps an array of pages with vm_map_pages, which checks the offset and the length itself.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

#define PAGE_TOTAL 5

static struct page *map_pages_array[PAGE_TOTAL];

static int map_pages_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	return vm_map_pages(vma, map_pages_array, PAGE_TOTAL);
}

static const struct file_operations map_pages_fops = {
	.owner = THIS_MODULE,
	.mmap = map_pages_mmap,
};

static struct miscdevice map_pages_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "map-pages",
	.fops = &map_pages_fops,
};

static int __init map_pages_init(void)
{
	int i;

	for (i = 0; i < PAGE_TOTAL; i++) {
		map_pages_array[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!map_pages_array[i])
			return -ENOMEM;
		*(u32 *)page_address(map_pages_array[i]) = 0x200 + i;
	}
	return misc_register(&map_pages_device);
}
module_init(map_pages_init);

static void __exit map_pages_exit(void)
{
	int i;

	misc_deregister(&map_pages_device);
	for (i = 0; i < PAGE_TOTAL; i++)
		__free_page(map_pages_array[i]);
}
module_exit(map_pages_exit);

MODULE_DESCRIPTION("Maps an array of pages with vm_map_pages, which checks the offset and the length itself");
MODULE_LICENSE("GPL");
