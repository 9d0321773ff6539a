// SPDX-License-Identifier: MIT
/*
 * Maps coherent memory with remap_pfn_range and the address that the device would use, as careless drivers do.
 */
#include <linux/dma-mapping.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static struct platform_device *dma_remap_parent;
static void *dma_remap_memory;
static dma_addr_t dma_remap_handle;

static int dma_remap_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_end - vma->vm_start > PAGE_SIZE)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, dma_remap_handle >> PAGE_SHIFT, PAGE_SIZE, vma->vm_page_prot);
}

static const struct file_operations dma_remap_fops = {
	.owner = THIS_MODULE,
	.mmap = dma_remap_mmap,
};

static struct miscdevice dma_remap_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "dma-remap",
	.fops = &dma_remap_fops,
};

static int __init dma_remap_init(void)
{
	int err;

	dma_remap_parent = platform_device_register_simple("dma_remap", -1, NULL, 0);
	if (IS_ERR(dma_remap_parent))
		return PTR_ERR(dma_remap_parent);
	err = dma_coerce_mask_and_coherent(&dma_remap_parent->dev, DMA_BIT_MASK(32));
	if (err)
		return err;

	dma_remap_memory = dma_alloc_coherent(&dma_remap_parent->dev, PAGE_SIZE, &dma_remap_handle, GFP_KERNEL);
	if (!dma_remap_memory)
		return -ENOMEM;
	*(u32 *)dma_remap_memory = 0xd3a2;
	return misc_register(&dma_remap_device);
}
module_init(dma_remap_init);

static void __exit dma_remap_exit(void)
{
	misc_deregister(&dma_remap_device);
	dma_free_coherent(&dma_remap_parent->dev, PAGE_SIZE, dma_remap_memory, dma_remap_handle);
	platform_device_unregister(dma_remap_parent);
}
module_exit(dma_remap_exit);

MODULE_DESCRIPTION("Maps coherent memory with remap_pfn_range and the address that the device would use, as careless drivers do");
MODULE_LICENSE("GPL");
