// SPDX-License-Identifier: MIT
/*
 * Maps the memory of a PCI card with vm_iomap_memory.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pci.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static phys_addr_t bar_iomap_start;
static resource_size_t bar_iomap_length;

#define BAR 0

static int bar_iomap_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	return vm_iomap_memory(vma, bar_iomap_start, bar_iomap_length);
}

static const struct file_operations bar_iomap_fops = {
	.owner = THIS_MODULE,
	.mmap = bar_iomap_mmap,
};

static struct miscdevice bar_iomap_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "bar-iomap",
	.fops = &bar_iomap_fops,
};

static int bar_iomap_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	int err;

	err = pci_enable_device(pdev);
	if (err)
		return err;
	err = pci_request_regions(pdev, "bar-iomap");
	if (err)
		return err;
	bar_iomap_start = pci_resource_start(pdev, BAR);
	bar_iomap_length = pci_resource_len(pdev, BAR);
	return misc_register(&bar_iomap_device);
}

static void bar_iomap_remove(struct pci_dev *pdev)
{
	misc_deregister(&bar_iomap_device);
	pci_release_regions(pdev);
	pci_disable_device(pdev);
}

static const struct pci_device_id bar_iomap_ids[] = {
	{ PCI_DEVICE(0x1234, 0x1111) },
	{ }
};

static struct pci_driver bar_iomap_driver = {
	.name = "bar-iomap",
	.id_table = bar_iomap_ids,
	.probe = bar_iomap_probe,
	.remove = bar_iomap_remove,
};
module_pci_driver(bar_iomap_driver);

MODULE_DESCRIPTION("Maps the memory of a PCI card with vm_iomap_memory");
MODULE_LICENSE("GPL");
