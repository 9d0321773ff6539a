// SPDX-License-Identifier: MIT
/* A table tells where each block of a screen lies; it is filled by whoever finds the card. The sum of offset and length is computed in 32 bits. */
#include <linux/dma-mapping.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#define BLOCK_SHIFT 16
#define BLOCKS 16
#define SCREEN_BYTES (BLOCKS << BLOCK_SHIFT)

static u16 *blocks;

static int screen_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start, offset = vma->vm_pgoff << PAGE_SHIFT;
	u32 end = offset + size;
	phys_addr_t start;

	if (end > SCREEN_BYTES)
		return -EINVAL;
	start = (phys_addr_t)blocks[offset >> BLOCK_SHIFT] << BLOCK_SHIFT;
	offset &= (1UL << BLOCK_SHIFT) - 1;
	if (size > (1UL << BLOCK_SHIFT) - offset)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, (start + offset) >> PAGE_SHIFT, size, vma->vm_page_prot);
}

static const struct file_operations screen_fops = {
	.owner = THIS_MODULE,
	.mmap = screen_mmap,
};

static struct miscdevice screen_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "screen",
	.fops = &screen_fops,
};

int screen_found(struct device *device, phys_addr_t memory)
{
	dma_addr_t bus;
	int index;

	blocks = dma_alloc_coherent(device, BLOCKS * sizeof(*blocks), &bus, GFP_KERNEL);
	if (!blocks)
		return -ENOMEM;
	for (index = 0; index < BLOCKS; index++)
		blocks[index] = (memory >> BLOCK_SHIFT) + index;
	return misc_register(&screen_misc);
}
MODULE_LICENSE("GPL");
