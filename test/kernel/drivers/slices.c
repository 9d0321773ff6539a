// SPDX-License-Identifier: MIT
/*
 * The memory of a PCI card, cut into slices: mmap maps the slice that the offset names, 0 to 7 in one piece, 8 to 15 in two pieces of different caching, 16 to 23 by vm_iomap_memory, 24 to
 * 31 page by page on fault, 32 its last page and what is behind it. ioctl 0x701 VALUE writes a register of the slice in use, 0x702 reads it, 0x703 drops all mappings of faulted slices.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "compat.h"

static unsigned int count_mmap;
static unsigned int count_fault;
static unsigned int count_access;
static unsigned int count_may_split;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_access, uint, 0444);
module_param(count_may_split, uint, 0444);

#define SLICE_PAGES 8

struct slices {
	struct miscdevice misc;
	struct pci_dev *pdev;
	void __iomem *vram;
	struct inode *inode;
};

static struct slices *to_slices(struct file *file)
{
	return container_of(file->private_data, struct slices, misc);
}

static vm_fault_t slices_fault(struct vm_fault *vmf)
{
	struct slices *s = vmf->vma->vm_private_data;
	unsigned long page = vmf->pgoff - 24 + 24 * SLICE_PAGES;

	count_fault++;
	if (page >= pci_resource_len(s->pdev, 0) >> PAGE_SHIFT)
		return VM_FAULT_SIGBUS;
	return vmf_insert_pfn(vmf->vma, vmf->address, PHYS_PFN(pci_resource_start(s->pdev, 0)) + page);
}

static int slices_access(struct vm_area_struct *vma, unsigned long addr, void *buf, int len, int write)
{
	count_access++;
	return generic_access_phys(vma, addr, buf, len, write);
}

static int slices_may_split(struct vm_area_struct *vma, unsigned long addr)
{
	count_may_split++;
	return ((addr - vma->vm_start) >> PAGE_SHIFT) & 1 ? -EINVAL : 0;
}

static const struct vm_operations_struct slices_fault_ops = {
	.fault = slices_fault,
	.access = slices_access,
};

static const struct vm_operations_struct slices_ops = {
	.access = slices_access,
	.may_split = slices_may_split,
};

static int slices_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct slices *s = to_slices(file);
	phys_addr_t bar = pci_resource_start(s->pdev, 0), at;
	unsigned long slice = vma->vm_pgoff, len = vma->vm_end - vma->vm_start, half;
	int err;

	count_mmap++;
	if (len > SLICE_PAGES * PAGE_SIZE)
		return -EINVAL;
	s->inode = file_inode(file);
	at = bar + slice * SLICE_PAGES * PAGE_SIZE;
	vma->vm_private_data = s;
	switch (slice >> 3) {
	case 0:
		vma->vm_ops = &slices_ops;
		vma->vm_page_prot = pgprot_writecombine(vma->vm_page_prot);
		return io_remap_pfn_range(vma, vma->vm_start, at >> PAGE_SHIFT, len, vma->vm_page_prot);
	case 1:
		half = PAGE_ALIGN(len / 2);
		err = io_remap_pfn_range(vma, vma->vm_start, at >> PAGE_SHIFT, half, pgprot_noncached(vma->vm_page_prot));
		if (err || half == len)
			return err;
		return io_remap_pfn_range(vma, vma->vm_start + half, (at + half) >> PAGE_SHIFT, len - half,
					  pgprot_writecombine(vma->vm_page_prot));
	case 2:
		vma->vm_pgoff = slice & 7;
		vma->vm_page_prot = pgprot_device(vma->vm_page_prot);
		return vm_iomap_memory(vma, bar + 16 * SLICE_PAGES * PAGE_SIZE, 4 * PAGE_SIZE);
	case 3:
		vma->vm_ops = &slices_fault_ops;
		vm_flags_set(vma, VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
		return 0;
	case 4:
		return remap_pfn_range(vma, vma->vm_start, PHYS_PFN(bar + pci_resource_len(s->pdev, 0)) - 1, len,
				       pgprot_noncached(vma->vm_page_prot));
	}
	return -ENXIO;
}

static long slices_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct slices *s = to_slices(file);

	switch (cmd) {
	case 0x701:
		iowrite32(arg, s->vram + 0x40);
		return 0;
	case 0x702:
		return ioread32(s->vram + 0x40);
	case 0x703:
		if (!s->inode)
			return -ENOENT;
		unmap_mapping_range(s->inode->i_mapping, 24 << PAGE_SHIFT, 8 << PAGE_SHIFT, 1);
		return 0;
	}
	return -ENOTTY;
}

static const struct file_operations slices_fops = {
	.owner = THIS_MODULE,
	.mmap = slices_mmap,
	.unlocked_ioctl = slices_ioctl,
};

static int slices_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct slices *s;
	int err;

	s = devm_kzalloc(&pdev->dev, sizeof(*s), GFP_KERNEL);
	if (!s)
		return -ENOMEM;
	err = pcim_enable_device(pdev);
	if (err)
		return err;
	err = pcim_iomap_regions(pdev, BIT(0), "slices");
	if (err)
		return err;
	s->vram = pcim_iomap_table(pdev)[0];
	s->pdev = pdev;
	s->misc.minor = MISC_DYNAMIC_MINOR;
	s->misc.name = "slices";
	s->misc.fops = &slices_fops;
	pci_set_drvdata(pdev, s);
	return misc_register(&s->misc);
}

static void slices_remove(struct pci_dev *pdev)
{
	struct slices *s = pci_get_drvdata(pdev);

	misc_deregister(&s->misc);
}

static const struct pci_device_id slices_ids[] = { { PCI_DEVICE(0x1234, 0x1111) }, { } };

static struct pci_driver slices_driver = {
	.name = "slices",
	.id_table = slices_ids,
	.probe = slices_probe,
	.remove = slices_remove,
};
module_pci_driver(slices_driver);
MODULE_LICENSE("GPL");
