// SPDX-License-Identifier: MIT
/*
 * Maps the one page of registers of a PCI card, shared and from its start only.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pci.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static phys_addr_t bar_registers_start;
static resource_size_t bar_registers_length;

#define BAR 2

static int bar_registers_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_pgoff)
		return -ENXIO;
	if (vma_pages(vma) > PAGE_ALIGN(bar_registers_length) >> PAGE_SHIFT)
		return -ENOSPC;
	if (!(vma->vm_flags & VM_MAYSHARE))
		return -EACCES;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return remap_pfn_range(vma, vma->vm_start, bar_registers_start >> PAGE_SHIFT, vma->vm_end - vma->vm_start,
			       vma->vm_page_prot);
}

static const struct file_operations bar_registers_fops = {
	.owner = THIS_MODULE,
	.mmap = bar_registers_mmap,
};

static struct miscdevice bar_registers_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "bar-registers",
	.fops = &bar_registers_fops,
};

static int bar_registers_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	int err;

	err = pci_enable_device(pdev);
	if (err)
		return err;
	err = pci_request_regions(pdev, "bar-registers");
	if (err)
		return err;
	bar_registers_start = pci_resource_start(pdev, BAR);
	bar_registers_length = pci_resource_len(pdev, BAR);
	return misc_register(&bar_registers_device);
}

static void bar_registers_remove(struct pci_dev *pdev)
{
	misc_deregister(&bar_registers_device);
	pci_release_regions(pdev);
	pci_disable_device(pdev);
}

static const struct pci_device_id bar_registers_ids[] = {
	{ PCI_DEVICE(0x1234, 0x1111) },
	{ }
};

static struct pci_driver bar_registers_driver = {
	.name = "bar-registers",
	.id_table = bar_registers_ids,
	.probe = bar_registers_probe,
	.remove = bar_registers_remove,
};
module_pci_driver(bar_registers_driver);

MODULE_DESCRIPTION("Maps the one page of registers of a PCI card, shared and from its start only");
MODULE_LICENSE("GPL");
