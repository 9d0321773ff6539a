// SPDX-License-Identifier: MIT
/*
 * Maps the memory of a PCI card page by page from the fault handler; the window may be read by debuggers.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pci.h>

#include "compat.h"

static unsigned int count_mmap, count_fault, count_access;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_access, uint, 0444);

static phys_addr_t bar_fault_start;
static resource_size_t bar_fault_length;

#define BAR 0

static vm_fault_t bar_fault_fault(struct vm_fault *vmf)
{
	count_fault++;
	if (vmf->pgoff >= bar_fault_length >> PAGE_SHIFT)
		return VM_FAULT_SIGBUS;
	return vmf_insert_pfn(vmf->vma, vmf->address, (bar_fault_start >> PAGE_SHIFT) + vmf->pgoff);
}

static const struct vm_operations_struct bar_fault_vm_ops = {
	.fault = bar_fault_fault,
	.access = generic_access_phys,
};

static int bar_fault_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	vm_flags_set(vma, VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_ops = &bar_fault_vm_ops;
	return 0;
}

static const struct file_operations bar_fault_fops = {
	.owner = THIS_MODULE,
	.mmap = bar_fault_mmap,
};

static struct miscdevice bar_fault_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "bar-fault",
	.fops = &bar_fault_fops,
};

static int bar_fault_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	int err;

	err = pci_enable_device(pdev);
	if (err)
		return err;
	err = pci_request_regions(pdev, "bar-fault");
	if (err)
		return err;
	bar_fault_start = pci_resource_start(pdev, BAR);
	bar_fault_length = pci_resource_len(pdev, BAR);
	return misc_register(&bar_fault_device);
}

static void bar_fault_remove(struct pci_dev *pdev)
{
	misc_deregister(&bar_fault_device);
	pci_release_regions(pdev);
	pci_disable_device(pdev);
}

static const struct pci_device_id bar_fault_ids[] = {
	{ PCI_DEVICE(0x1234, 0x1111) },
	{ }
};

static struct pci_driver bar_fault_driver = {
	.name = "bar-fault",
	.id_table = bar_fault_ids,
	.probe = bar_fault_probe,
	.remove = bar_fault_remove,
};
module_pci_driver(bar_fault_driver);

MODULE_DESCRIPTION("Maps the memory of a PCI card page by page from the fault handler; the window may be read by debuggers");
MODULE_LICENSE("GPL");
