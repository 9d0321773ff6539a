// SPDX-License-Identifier: MIT
/*
 * A descriptor ring of coherent memory and a data area of streaming memory of one platform device. The byte offset selects as in a sound or network
 * driver: the ring at 0 (dma_mmap_coherent, the offset is cleared first), the data at 0x100000 (remap_pfn_range after the offset), registers that do not
 * exist at 0x200000.
 */
#include <linux/dma-mapping.h>
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include "compat.h"

static unsigned int count_mmap, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

#define RING_BYTES (2 * PAGE_SIZE)
#define DATA_BYTES (4 * PAGE_SIZE)
#define DATA_OFFSET 0x100000UL

struct ring_device {
	struct device *dev;
	u32 *ring;
	dma_addr_t ring_bus;
	void *data;
	atomic_t users;
};

static struct ring_device ring_state;

static void ring_vma_open(struct vm_area_struct *vma)
{
	struct ring_device *state = vma->vm_private_data;

	count_open++;
	atomic_inc(&state->users);
}

static void ring_vma_close(struct vm_area_struct *vma)
{
	struct ring_device *state = vma->vm_private_data;

	count_close++;
	if (atomic_dec_and_test(&state->users))
		state->ring[1] = 0xdead;
}

static const struct vm_operations_struct ring_vm_ops = {
	.open = ring_vma_open,
	.close = ring_vma_close,
};

static int ring_mmap_data(struct ring_device *state, struct vm_area_struct *vma, unsigned long offset)
{
	unsigned long size = vma->vm_end - vma->vm_start;

	if (offset >= DATA_BYTES || size > DATA_BYTES - offset)
		return -EINVAL;
	vma->vm_page_prot = pgprot_writecombine(vma->vm_page_prot);
	return remap_pfn_range(vma, vma->vm_start, (virt_to_phys(state->data) + offset) >> PAGE_SHIFT, size, vma->vm_page_prot);
}

static int ring_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long offset = vma->vm_pgoff << PAGE_SHIFT;
	struct ring_device *state = &ring_state;
	int err;

	count_mmap++;
	if (offset >= 2 * DATA_OFFSET)
		return -ENXIO;
	if (offset >= DATA_OFFSET) {
		err = ring_mmap_data(state, vma, offset - DATA_OFFSET);
	} else {
		vma->vm_pgoff = 0;
		err = dma_mmap_coherent(state->dev, vma, state->ring, state->ring_bus, RING_BYTES);
	}
	if (err)
		return err;
	vma->vm_private_data = state;
	vma->vm_ops = &ring_vm_ops;
	ring_vma_open(vma);
	return 0;
}

static const struct file_operations ring_fops = {
	.owner = THIS_MODULE,
	.mmap = ring_mmap,
};

static struct miscdevice ring_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "dma-ring",
	.fops = &ring_fops,
};

static int ring_probe(struct platform_device *pdev)
{
	struct ring_device *state = &ring_state;
	int err;

	state->dev = &pdev->dev;
	err = dma_set_mask_and_coherent(state->dev, DMA_BIT_MASK(32));
	if (err)
		return err;
	state->ring = dmam_alloc_coherent(state->dev, RING_BYTES, &state->ring_bus, GFP_KERNEL);
	if (!state->ring)
		return -ENOMEM;
	state->data = (void *)devm_get_free_pages(state->dev, GFP_KERNEL | __GFP_ZERO, get_order(DATA_BYTES));
	if (!state->data)
		return -ENOMEM;
	state->ring[0] = 0x2176;
	((u32 *)state->data)[0] = 0xda1;
	return misc_register(&ring_misc);
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
static int ring_remove(struct platform_device *pdev)
{
	misc_deregister(&ring_misc);
	return 0;
}
#else
static void ring_remove(struct platform_device *pdev)
{
	misc_deregister(&ring_misc);
}
#endif

static struct platform_driver ring_driver = {
	.driver.name = "dma-ring",
	.probe = ring_probe,
	.remove = ring_remove,
};

static struct platform_device *ring_parent;

static int __init ring_init(void)
{
	int err;

	err = platform_driver_register(&ring_driver);
	if (err)
		return err;
	ring_parent = platform_device_register_simple("dma-ring", -1, NULL, 0);
	if (IS_ERR(ring_parent)) {
		platform_driver_unregister(&ring_driver);
		return PTR_ERR(ring_parent);
	}
	/* A platform device of nobody has no mask. */
	return 0;
}
module_init(ring_init);

static void __exit ring_exit(void)
{
	platform_device_unregister(ring_parent);
	platform_driver_unregister(&ring_driver);
}
module_exit(ring_exit);

MODULE_DESCRIPTION("A descriptor ring and a data area of one platform device");
MODULE_LICENSE("GPL");
