// SPDX-License-Identifier: MIT
/*
 * Maps memory of dma_alloc_noncontiguous with dma_mmap_noncontiguous.
 */
#include <linux/dma-mapping.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

#define MEMORY_SIZE (3 * PAGE_SIZE)

static struct platform_device *dma_noncontiguous_parent;
static struct sg_table *dma_noncontiguous_table;

static int dma_noncontiguous_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	return dma_mmap_noncontiguous(&dma_noncontiguous_parent->dev, vma, MEMORY_SIZE, dma_noncontiguous_table);
}

static const struct file_operations dma_noncontiguous_fops = {
	.owner = THIS_MODULE,
	.mmap = dma_noncontiguous_mmap,
};

static struct miscdevice dma_noncontiguous_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "dma-noncontiguous",
	.fops = &dma_noncontiguous_fops,
};

static int __init dma_noncontiguous_init(void)
{
	int err;

	dma_noncontiguous_parent = platform_device_register_simple("dma_noncontiguous", -1, NULL, 0);
	if (IS_ERR(dma_noncontiguous_parent))
		return PTR_ERR(dma_noncontiguous_parent);
	err = dma_coerce_mask_and_coherent(&dma_noncontiguous_parent->dev, DMA_BIT_MASK(32));
	if (err)
		return err;
	dma_noncontiguous_table = dma_alloc_noncontiguous(&dma_noncontiguous_parent->dev, MEMORY_SIZE, DMA_BIDIRECTIONAL, GFP_KERNEL, 0);
	if (!dma_noncontiguous_table)
		return -ENOMEM;
	return misc_register(&dma_noncontiguous_device);
}
module_init(dma_noncontiguous_init);

static void __exit dma_noncontiguous_exit(void)
{
	misc_deregister(&dma_noncontiguous_device);
	dma_free_noncontiguous(&dma_noncontiguous_parent->dev, MEMORY_SIZE, dma_noncontiguous_table, DMA_BIDIRECTIONAL);
	platform_device_unregister(dma_noncontiguous_parent);
}
module_exit(dma_noncontiguous_exit);

MODULE_DESCRIPTION("Maps memory of dma_alloc_noncontiguous with dma_mmap_noncontiguous");
MODULE_LICENSE("GPL");
