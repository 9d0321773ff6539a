// SPDX-License-Identifier: MIT
/*
 * Maps the memory of a PCI card with io_remap_pfn_range, checked against the size of its window: uncached at offset 0,
 * else write-combining.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pci.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static phys_addr_t bar_remap_start;
static resource_size_t bar_remap_length;

#define BAR 0

static int bar_remap_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long offset = vma->vm_pgoff << PAGE_SHIFT;
	unsigned long size = vma->vm_end - vma->vm_start;

	count_mmap++;
	if (offset >= bar_remap_length || size > bar_remap_length - offset)
		return -EINVAL;
	if (vma->vm_pgoff)
		vma->vm_page_prot = pgprot_writecombine(vma->vm_page_prot);
	else
		vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, (bar_remap_start + offset) >> PAGE_SHIFT, size, vma->vm_page_prot);
}

static const struct file_operations bar_remap_fops = {
	.owner = THIS_MODULE,
	.mmap = bar_remap_mmap,
};

static struct miscdevice bar_remap_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "bar-remap",
	.fops = &bar_remap_fops,
};

static int bar_remap_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	int err;

	err = pci_enable_device(pdev);
	if (err)
		return err;
	err = pci_request_regions(pdev, "bar-remap");
	if (err)
		return err;
	bar_remap_start = pci_resource_start(pdev, BAR);
	bar_remap_length = pci_resource_len(pdev, BAR);
	return misc_register(&bar_remap_device);
}

static void bar_remap_remove(struct pci_dev *pdev)
{
	misc_deregister(&bar_remap_device);
	pci_release_regions(pdev);
	pci_disable_device(pdev);
}

static const struct pci_device_id bar_remap_ids[] = {
	{ PCI_DEVICE(0x1234, 0x1111) },
	{ }
};

static struct pci_driver bar_remap_driver = {
	.name = "bar-remap",
	.id_table = bar_remap_ids,
	.probe = bar_remap_probe,
	.remove = bar_remap_remove,
};
module_pci_driver(bar_remap_driver);

MODULE_DESCRIPTION("Maps the memory of a PCI card with io_remap_pfn_range, checked against the size of its window");
MODULE_LICENSE("GPL");
