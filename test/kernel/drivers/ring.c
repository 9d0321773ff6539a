// SPDX-License-Identifier: MIT
/*
 * Maps a header page and a ring of data pages behind it twice in a row, so that reads past the end continue at the start.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

#define DATA_PAGES 2

static struct page *ring_header, *ring_data[DATA_PAGES];

static int ring_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long address = vma->vm_start;
	int err, i;

	count_mmap++;
	if (vma->vm_pgoff || vma_pages(vma) != 1 + 2 * DATA_PAGES)
		return -EINVAL;
	err = vm_insert_page(vma, address, ring_header);
	for (i = 0; i < 2 * DATA_PAGES && !err; i++) {
		address += PAGE_SIZE;
		err = vm_insert_page(vma, address, ring_data[i % DATA_PAGES]);
	}
	return err;
}

static const struct file_operations ring_fops = {
	.owner = THIS_MODULE,
	.mmap = ring_mmap,
};

static struct miscdevice ring_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "ring",
	.fops = &ring_fops,
};

static int __init ring_init(void)
{
	int i;

	ring_header = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!ring_header)
		return -ENOMEM;
	for (i = 0; i < DATA_PAGES; i++) {
		ring_data[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!ring_data[i])
			return -ENOMEM;
		*(u32 *)page_address(ring_data[i]) = 0x419 + i;
	}
	return misc_register(&ring_device);
}
module_init(ring_init);

static void __exit ring_exit(void)
{
	int i;

	misc_deregister(&ring_device);
	for (i = 0; i < DATA_PAGES; i++)
		__free_page(ring_data[i]);
	__free_page(ring_header);
}
module_exit(ring_exit);

MODULE_DESCRIPTION("Maps a header page and a ring of data pages behind it twice in a row, so that reads past the end continue at the start");
MODULE_LICENSE("GPL");
