// SPDX-License-Identifier: MIT
/*
 * A block of a system on chip: a platform driver whose device the module makes, with two windows of memory, named. Programs map the registers at 0 and the
 * buffer at 16 pages; ioctl 0x101 REGISTER reads, 0x102 REGISTER+VALUE*65536 writes, 0x103 tells the sizes, 0x104 fills the buffer.
 */
#include <linux/bitfield.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include "compat.h"

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

#define SOC_REGISTERS 0x8001000
#define SOC_REGISTERS_SIZE 0x1000
#define SOC_BUFFER 0x8010000
#define SOC_BUFFER_SIZE 0x8000

#define SOC_CONTROL 0x00
#define SOC_CONTROL_ENABLE BIT(0)
#define SOC_CONTROL_LEVEL GENMASK(7, 4)
#define SOC_STATUS 0x04
#define SOC_BUFFER_OFFSET 16

struct soc_data {
	const char *label;
	u32 level;
};

struct soc {
	struct device *dev;
	void __iomem *registers;
	void *buffer;
	const struct resource *buffer_resource;
	phys_addr_t base;
	resource_size_t size;
	struct miscdevice misc;
	bool enabled;
};

static u32 soc_read(struct soc *soc, unsigned int offset)
{
	return readl(soc->registers + offset);
}

static void soc_update(struct soc *soc, unsigned int offset, u32 mask, u32 value)
{
	u32 word = soc_read(soc, offset);

	word &= ~mask;
	word |= value & mask;
	writel(word, soc->registers + offset);
}

static inline struct soc *soc_of(struct file *file)
{
	return container_of(file->private_data, struct soc, misc);
}

static long soc_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct soc *soc = soc_of(file);

	switch (command) {
	case 0x101:
		if (argument >= soc->size || !IS_ALIGNED(argument, 4))
			return -EINVAL;
		return soc_read(soc, argument) & INT_MAX;
	case 0x102:
		if (lower_16_bits(argument) > soc->size - 4)
			return -EINVAL;
		soc_update(soc, argument & 0xfffc, ~0, argument >> 16);
		soc->enabled = soc_read(soc, SOC_CONTROL) & SOC_CONTROL_ENABLE;
		return FIELD_GET(SOC_CONTROL_LEVEL, soc_read(soc, SOC_CONTROL));
	case 0x103:
		return (soc->size >> PAGE_SHIFT) << 8 | resource_size(soc->buffer_resource) >> PAGE_SHIFT;
	case 0x104:
		if (!soc->enabled)
			return -EHOSTDOWN;
		memset(soc->buffer, argument, resource_size(soc->buffer_resource));
		return 0;
	}
	return -ENOTTY;
}

static int soc_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct soc *soc = soc_of(file);
	unsigned long size = vma->vm_end - vma->vm_start;

	count_mmap++;
	if (vma->vm_pgoff < SOC_BUFFER_OFFSET) {
		if (!capable(CAP_SYS_RAWIO))
			return -EPERM;
		vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
		return vm_iomap_memory(vma, soc->base, soc->size);
	}
	vma->vm_pgoff -= SOC_BUFFER_OFFSET;
	if ((vma->vm_pgoff << PAGE_SHIFT) + size > resource_size(soc->buffer_resource)) {
		dev_dbg(soc->dev, "no room for %lu bytes\n", size);
		return -ENOSPC;
	}
	vm_flags_set(vma, VM_DONTCOPY);
	return remap_pfn_range(vma, vma->vm_start, PHYS_PFN(soc->buffer_resource->start) + vma->vm_pgoff, size, vma->vm_page_prot);
}

static const struct file_operations soc_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = soc_ioctl,
	.mmap = soc_mmap,
};

static int soc_probe(struct platform_device *pdev)
{
	const struct soc_data *data = dev_get_platdata(&pdev->dev);
	struct resource *resource;
	struct soc *soc;

	if (!data)
		return -EINVAL;
	soc = devm_kzalloc(&pdev->dev, sizeof(*soc), GFP_KERNEL);
	if (!soc)
		return -ENOMEM;
	soc->dev = &pdev->dev;
	soc->registers = devm_platform_get_and_ioremap_resource(pdev, 0, &resource);
	if (IS_ERR(soc->registers))
		return dev_err_probe(&pdev->dev, PTR_ERR(soc->registers), "no registers\n");
	soc->base = resource->start;
	soc->size = resource_size(resource);
	soc->buffer_resource = platform_get_resource_byname(pdev, IORESOURCE_MEM, "buffer");
	if (!soc->buffer_resource)
		return -ENXIO;
	soc->buffer = devm_memremap(&pdev->dev, soc->buffer_resource->start, resource_size(soc->buffer_resource), MEMREMAP_WB);
	if (IS_ERR(soc->buffer))
		return PTR_ERR(soc->buffer);
	writel(FIELD_PREP(SOC_CONTROL_LEVEL, data->level), soc->registers + SOC_CONTROL);
	writel(0x50c, soc->registers + SOC_STATUS);
	memcpy(soc->buffer, data->label, strlen(data->label) + 1);
	soc->misc.minor = MISC_DYNAMIC_MINOR;
	soc->misc.name = "soc-block";
	soc->misc.fops = &soc_fops;
	soc->misc.parent = &pdev->dev;
	platform_set_drvdata(pdev, soc);
	return misc_register(&soc->misc);
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
static int soc_remove(struct platform_device *pdev)
#else
static void soc_remove(struct platform_device *pdev)
#endif
{
	struct soc *soc = platform_get_drvdata(pdev);

	misc_deregister(&soc->misc);
	soc_update(soc, SOC_CONTROL, SOC_CONTROL_ENABLE, 0);
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
	return 0;
#endif
}

static struct platform_driver soc_driver = {
	.probe = soc_probe,
	.remove = soc_remove,
	.driver = {
		.name = "soc-block",
	},
};

static const struct resource soc_resources[] = {
	DEFINE_RES_MEM_NAMED(SOC_REGISTERS, SOC_REGISTERS_SIZE, "registers"),
	DEFINE_RES_MEM_NAMED(SOC_BUFFER, SOC_BUFFER_SIZE, "buffer"),
};

static const struct soc_data soc_data = {
	.label = "block of the chip",
	.level = 5,
};

static struct platform_device *soc_device;

static int __init soc_init(void)
{
	int err = platform_driver_register(&soc_driver);

	if (err)
		return err;
	soc_device = platform_device_register_resndata(NULL, "soc-block", PLATFORM_DEVID_NONE, soc_resources, ARRAY_SIZE(soc_resources),
						       &soc_data, sizeof(soc_data));
	if (IS_ERR(soc_device)) {
		platform_driver_unregister(&soc_driver);
		return PTR_ERR(soc_device);
	}
	return 0;
}
module_init(soc_init);

static void __exit soc_exit(void)
{
	platform_device_unregister(soc_device);
	platform_driver_unregister(&soc_driver);
}
module_exit(soc_exit);

MODULE_DESCRIPTION("A block of a system on chip");
MODULE_LICENSE("GPL");
