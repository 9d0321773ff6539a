// SPDX-License-Identifier: MIT
/*
 * DMA memory of several makes behind one offset each of 16 pages: 0 coherent of 3 pages, 1 write-combining, 2 without a mapping of the kernel's, 3 dma_alloc_pages, 4 coherent
 * memory handed to dma_mmap_attrs with a size that is too large, 5 the vmalloc'ed log of the device. Words of the coherent one change by ioctl 0x301 INDEX.
 */
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/vmalloc.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

#define DAM_LEN (3 * PAGE_SIZE)

struct dam {
	struct device *dev;
	u32 *coherent;
	void *wc, *blind;
	struct page *pages;
	void *log;
	dma_addr_t coherent_at, wc_at, blind_at, pages_at;
};

static struct dam dam;
static struct platform_device *dam_pdev;

static int dam_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long which = vma->vm_pgoff >> 4;
	size_t len = vma->vm_end - vma->vm_start;

	count_mmap++;
	vma->vm_pgoff &= 15;
	switch (which) {
	case 0:
		return dma_mmap_coherent(dam.dev, vma, dam.coherent, dam.coherent_at, DAM_LEN);
	case 1:
		return dma_mmap_wc(dam.dev, vma, dam.wc, dam.wc_at, DAM_LEN);
	case 2:
		return dma_mmap_attrs(dam.dev, vma, dam.blind, dam.blind_at, DAM_LEN, DMA_ATTR_NO_KERNEL_MAPPING);
	case 3:
		return dma_mmap_pages(dam.dev, vma, DAM_LEN, dam.pages);
	case 4:
		return dma_mmap_attrs(dam.dev, vma, dam.coherent, dam.coherent_at, len + PAGE_SIZE, DMA_ATTR_WRITE_COMBINE);
	case 5:
		return remap_vmalloc_range(vma, dam.log, vma->vm_pgoff);
	}
	return -ENODEV;
}

static long dam_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	if (cmd != 0x301)
		return -ENOTTY;
	if (arg >= DAM_LEN / sizeof(u32))
		return -ERANGE;
	return ++dam.coherent[arg];
}

static const struct file_operations dam_fops = {
	.owner = THIS_MODULE,
	.mmap = dam_mmap,
	.unlocked_ioctl = dam_ioctl,
};

static struct miscdevice dam_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "dam",
	.fops = &dam_fops,
};

static int __init dam_init(void)
{
	int rc;

	dam_pdev = platform_device_register_simple("dam", PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(dam_pdev))
		return PTR_ERR(dam_pdev);
	dam.dev = &dam_pdev->dev;
	rc = dma_coerce_mask_and_coherent(dam.dev, DMA_BIT_MASK(32));
	if (rc)
		return rc;
	dam.coherent = dma_alloc_coherent(dam.dev, DAM_LEN, &dam.coherent_at, GFP_KERNEL);
	dam.wc = dma_alloc_wc(dam.dev, DAM_LEN, &dam.wc_at, GFP_KERNEL);
	dam.blind = dma_alloc_attrs(dam.dev, DAM_LEN, &dam.blind_at, GFP_KERNEL, DMA_ATTR_NO_KERNEL_MAPPING);
	dam.pages = dma_alloc_pages(dam.dev, DAM_LEN, &dam.pages_at, DMA_BIDIRECTIONAL, GFP_KERNEL);
	dam.log = vmalloc_user(DAM_LEN);
	if (!dam.coherent || !dam.wc || !dam.blind || !dam.pages || !dam.log)
		return -ENOMEM;
	dam.coherent[0] = 0xda0;
	dam.coherent[PAGE_SIZE / 4] = 0xda1;
	return misc_register(&dam_misc);
}
module_init(dam_init);

static void __exit dam_exit(void)
{
	misc_deregister(&dam_misc);
	vfree(dam.log);
	dma_free_pages(dam.dev, DAM_LEN, dam.pages, dam.pages_at, DMA_BIDIRECTIONAL);
	dma_free_attrs(dam.dev, DAM_LEN, dam.blind, dam.blind_at, DMA_ATTR_NO_KERNEL_MAPPING);
	dma_free_wc(dam.dev, DAM_LEN, dam.wc, dam.wc_at);
	dma_free_coherent(dam.dev, DAM_LEN, dam.coherent, dam.coherent_at);
	platform_device_unregister(dam_pdev);
}
module_exit(dam_exit);
MODULE_LICENSE("GPL");
