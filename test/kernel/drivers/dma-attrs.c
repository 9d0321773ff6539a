// SPDX-License-Identifier: MIT
/*
 * Maps memory of dma_alloc_wc with dma_mmap_wc (offset below 8), which it clears before, or with dma_mmap_attrs and the
 * length of the vma for the size.
 */
#include <linux/dma-mapping.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static struct platform_device *dma_attrs_parent;
static void *dma_attrs_memory;
static dma_addr_t dma_attrs_handle;

#define MEMORY_SIZE (2 * PAGE_SIZE)

static int dma_attrs_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct device *dev = &dma_attrs_parent->dev;

	count_mmap++;
	if (vma->vm_pgoff < 8) {
		vma->vm_pgoff = 0;
		return dma_mmap_wc(dev, vma, dma_attrs_memory, dma_attrs_handle, MEMORY_SIZE);
	}
	vma->vm_pgoff -= 8;
	return dma_mmap_attrs(dev, vma, dma_attrs_memory, dma_attrs_handle, vma->vm_end - vma->vm_start, 0);
}

static const struct file_operations dma_attrs_fops = {
	.owner = THIS_MODULE,
	.mmap = dma_attrs_mmap,
};

static struct miscdevice dma_attrs_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "dma-attrs",
	.fops = &dma_attrs_fops,
};

static int __init dma_attrs_init(void)
{
	int err;

	dma_attrs_parent = platform_device_register_simple("dma_attrs", -1, NULL, 0);
	if (IS_ERR(dma_attrs_parent))
		return PTR_ERR(dma_attrs_parent);
	err = dma_coerce_mask_and_coherent(&dma_attrs_parent->dev, DMA_BIT_MASK(32));
	if (err)
		return err;

	dma_attrs_memory = dma_alloc_wc(&dma_attrs_parent->dev, MEMORY_SIZE, &dma_attrs_handle, GFP_KERNEL);
	if (!dma_attrs_memory)
		return -ENOMEM;
	return misc_register(&dma_attrs_device);
}
module_init(dma_attrs_init);

static void __exit dma_attrs_exit(void)
{
	misc_deregister(&dma_attrs_device);
	dma_free_wc(&dma_attrs_parent->dev, MEMORY_SIZE, dma_attrs_memory, dma_attrs_handle);
	platform_device_unregister(dma_attrs_parent);
}
module_exit(dma_attrs_exit);

MODULE_DESCRIPTION("Maps memory of dma_alloc_wc with dma_mmap_wc (offset below 8), which it clears before, or with dma_mmap_attrs and the length of the vma for the size");
MODULE_LICENSE("GPL");
