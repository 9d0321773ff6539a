// SPDX-License-Identifier: MIT
/*
 * Maps coherent memory with dma_mmap_coherent, whose size it gives as three pages.
 */
#include <linux/dma-mapping.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static struct platform_device *dma_coherent_parent;
static void *dma_coherent_memory;
static dma_addr_t dma_coherent_handle;

#define MEMORY_SIZE (3 * PAGE_SIZE)

static int dma_coherent_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	return dma_mmap_coherent(&dma_coherent_parent->dev, vma, dma_coherent_memory, dma_coherent_handle, MEMORY_SIZE);
}

static const struct file_operations dma_coherent_fops = {
	.owner = THIS_MODULE,
	.mmap = dma_coherent_mmap,
};

static struct miscdevice dma_coherent_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "dma-coherent",
	.fops = &dma_coherent_fops,
};

static int __init dma_coherent_init(void)
{
	int err;

	dma_coherent_parent = platform_device_register_simple("dma_coherent", -1, NULL, 0);
	if (IS_ERR(dma_coherent_parent))
		return PTR_ERR(dma_coherent_parent);
	err = dma_coerce_mask_and_coherent(&dma_coherent_parent->dev, DMA_BIT_MASK(32));
	if (err)
		return err;

	dma_coherent_memory = dma_alloc_coherent(&dma_coherent_parent->dev, MEMORY_SIZE, &dma_coherent_handle, GFP_KERNEL);
	if (!dma_coherent_memory)
		return -ENOMEM;
	*(u32 *)dma_coherent_memory = 0xd3a;
	return misc_register(&dma_coherent_device);
}
module_init(dma_coherent_init);

static void __exit dma_coherent_exit(void)
{
	misc_deregister(&dma_coherent_device);
	dma_free_coherent(&dma_coherent_parent->dev, MEMORY_SIZE, dma_coherent_memory, dma_coherent_handle);
	platform_device_unregister(dma_coherent_parent);
}
module_exit(dma_coherent_exit);

MODULE_DESCRIPTION("Maps coherent memory with dma_mmap_coherent, whose size it gives as three pages");
MODULE_LICENSE("GPL");
