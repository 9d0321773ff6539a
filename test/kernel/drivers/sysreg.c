// SPDX-License-Identifier: MIT
/* A platform device with two memory resources: registers that programs map uncached, a buffer that is mapped write-combined; probe and remove as drivers have them. */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include "compat.h"

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

#define REG_ID 0x00
#define REG_CTRL 0x04
#define REG_STAT 0x08
#define CTRL_ENABLE BIT(0)

struct sysreg {
	struct device *dev;
	void __iomem *base;
	struct resource *buf;
	resource_size_t reg_phys, reg_len;
	struct miscdevice misc;
	char label[24];
	u32 shadow;
};

static int sysreg_open(struct inode *inode, struct file *file)
{
	struct sysreg *s = container_of(file->private_data, struct sysreg, misc);

	file->private_data = s;
	return 0;
}

static int sysreg_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct sysreg *s = file->private_data;

	count_mmap++;
	if (vma->vm_pgoff == 0) {
		if (vma->vm_end - vma->vm_start > s->reg_len)
			return -EINVAL;
		vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
		return vm_iomap_memory(vma, s->reg_phys, s->reg_len);
	}
	if (vma->vm_pgoff != 0x10)
		return -EINVAL;
	vma->vm_pgoff = 0;
	vma->vm_page_prot = pgprot_writecombine(vma->vm_page_prot);
	return vm_iomap_memory(vma, s->buf->start, resource_size(s->buf));
}

static long sysreg_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct sysreg *s = file->private_data;
	u32 v;

	switch (cmd) {
	case 0x101:
		v = readl(s->base + REG_CTRL);
		v = arg ? v | CTRL_ENABLE : v & ~CTRL_ENABLE;
		writel(v, s->base + REG_CTRL);
		s->shadow = v;
		return v;
	case 0x102:
		return readl(s->base + (arg & 0xffc));
	case 0x103:
		return s->shadow;
	case 0x104:
		return strlen(s->label);
	case 0x105:
		return resource_size(s->buf) >> PAGE_SHIFT;
	}
	return -ENOTTY;
}

static const struct file_operations sysreg_fops = {
	.owner = THIS_MODULE,
	.open = sysreg_open,
	.mmap = sysreg_mmap,
	.unlocked_ioctl = sysreg_ioctl,
};

static int sysreg_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct resource *res;
	struct sysreg *s;

	s = devm_kzalloc(dev, sizeof(*s), GFP_KERNEL);
	if (!s)
		return -ENOMEM;
	s->dev = dev;
	res = platform_get_resource(pdev, IORESOURCE_MEM, 0);
	if (!res)
		return -ENODEV;
	s->base = devm_ioremap_resource(dev, res);
	if (IS_ERR(s->base))
		return PTR_ERR(s->base);
	s->reg_phys = res->start;
	s->reg_len = resource_size(res);
	s->buf = platform_get_resource_byname(pdev, IORESOURCE_MEM, "buffer");
	if (!s->buf)
		return -ENXIO;
	snprintf(s->label, sizeof(s->label), "sysreg@%llx", (unsigned long long)res->start);
	writel(0xabcd0001, s->base + REG_ID);
	s->misc.minor = MISC_DYNAMIC_MINOR;
	s->misc.name = "sysreg";
	s->misc.fops = &sysreg_fops;
	s->misc.parent = dev;
	platform_set_drvdata(pdev, s);
	return misc_register(&s->misc);
}

static void sysreg_gone(struct platform_device *pdev)
{
	struct sysreg *s = platform_get_drvdata(pdev);

	misc_deregister(&s->misc);
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
static int sysreg_remove(struct platform_device *pdev)
{
	sysreg_gone(pdev);
	return 0;
}
#else
static void sysreg_remove(struct platform_device *pdev)
{
	sysreg_gone(pdev);
}
#endif

static struct platform_driver sysreg_driver = {
	.driver = { .name = "sysreg" },
	.probe = sysreg_probe,
	.remove = sysreg_remove,
};

static struct platform_device *sysreg_device;

static int __init sysreg_init(void)
{
	struct resource res[] = {
		DEFINE_RES_MEM(0x18200000, 0x2000),
		DEFINE_RES_MEM_NAMED(0x18300000, 0x4000, "buffer"),
	};
	int err;

	err = platform_driver_register(&sysreg_driver);
	if (err)
		return err;
	sysreg_device = platform_device_register_simple("sysreg", -1, res, ARRAY_SIZE(res));
	if (IS_ERR(sysreg_device)) {
		platform_driver_unregister(&sysreg_driver);
		return PTR_ERR(sysreg_device);
	}
	return 0;
}

static void __exit sysreg_exit(void)
{
	platform_device_unregister(sysreg_device);
	platform_driver_unregister(&sysreg_driver);
}
module_init(sysreg_init);
module_exit(sysreg_exit);
MODULE_LICENSE("GPL");
