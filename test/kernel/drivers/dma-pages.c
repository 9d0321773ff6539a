// SPDX-License-Identifier: MIT
/*
 * Maps memory of dma_alloc_pages with dma_mmap_pages.
 */
#include <linux/dma-mapping.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

#define MEMORY_SIZE (4 * PAGE_SIZE)

static struct platform_device *dma_pages_parent;
static struct page *dma_pages_pages;
static dma_addr_t dma_pages_handle;

static int dma_pages_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	return dma_mmap_pages(&dma_pages_parent->dev, vma, MEMORY_SIZE, dma_pages_pages);
}

static const struct file_operations dma_pages_fops = {
	.owner = THIS_MODULE,
	.mmap = dma_pages_mmap,
};

static struct miscdevice dma_pages_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "dma-pages",
	.fops = &dma_pages_fops,
};

static int __init dma_pages_init(void)
{
	int err;

	dma_pages_parent = platform_device_register_simple("dma_pages", -1, NULL, 0);
	if (IS_ERR(dma_pages_parent))
		return PTR_ERR(dma_pages_parent);
	err = dma_coerce_mask_and_coherent(&dma_pages_parent->dev, DMA_BIT_MASK(32));
	if (err)
		return err;

	dma_pages_pages = dma_alloc_pages(&dma_pages_parent->dev, MEMORY_SIZE, &dma_pages_handle, DMA_BIDIRECTIONAL, GFP_KERNEL);
	if (!dma_pages_pages)
		return -ENOMEM;
	return misc_register(&dma_pages_device);
}
module_init(dma_pages_init);

static void __exit dma_pages_exit(void)
{
	misc_deregister(&dma_pages_device);
	dma_free_pages(&dma_pages_parent->dev, MEMORY_SIZE, dma_pages_pages, dma_pages_handle, DMA_BIDIRECTIONAL);
	platform_device_unregister(dma_pages_parent);
}
module_exit(dma_pages_exit);

MODULE_DESCRIPTION("Maps memory of dma_alloc_pages with dma_mmap_pages");
MODULE_LICENSE("GPL");
