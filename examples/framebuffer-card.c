// SPDX-License-Identifier: MIT
/*
 * An example driver with mistakes: the video memory of a made-up graphics card, and a page with its counters behind it.
 * It compiles without a warning, and the first program that maps it brings the kernel down. `npm start` shows why.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

#define GLINT_VENDOR 0x1af9
#define GLINT_DEVICE 0x0042

struct glint_card {
	struct miscdevice misc;
	phys_addr_t vram_start;
	unsigned long vram_size;
	struct page *counters;
};

static struct glint_card *glint_from_file(struct file *file)
{
	return container_of(file->private_data, struct glint_card, misc);
}

/* Video memory from the page that the program asks for; the last page of the mapping shows the counters. */
static int glint_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct glint_card *card = glint_from_file(file);
	unsigned long size = vma->vm_end - vma->vm_start;
	unsigned long pfn = (card->vram_start >> PAGE_SHIFT) + vma->vm_pgoff;
	int err;

	vma->vm_page_prot = pgprot_writecombine(vma->vm_page_prot);
	err = io_remap_pfn_range(vma, vma->vm_start, pfn, size - PAGE_SIZE, vma->vm_page_prot);
	if (err)
		return err;

	return vm_insert_page(vma, vma->vm_end - PAGE_SIZE, card->counters);
}

static const struct file_operations glint_fops = {
	.owner = THIS_MODULE,
	.mmap = glint_mmap,
};

static int glint_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct glint_card *card;
	int err;

	card = devm_kzalloc(&pdev->dev, sizeof(*card), GFP_KERNEL);
	if (!card)
		return -ENOMEM;

	err = pcim_enable_device(pdev);
	if (err)
		return err;

	card->vram_start = pci_resource_start(pdev, 0);
	card->vram_size = pci_resource_len(pdev, 0);
	card->counters = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!card->counters)
		return -ENOMEM;

	card->misc.minor = MISC_DYNAMIC_MINOR;
	card->misc.name = "glint";
	card->misc.fops = &glint_fops;
	pci_set_drvdata(pdev, card);

	err = misc_register(&card->misc);
	if (err)
		__free_page(card->counters);
	return err;
}

static void glint_remove(struct pci_dev *pdev)
{
	struct glint_card *card = pci_get_drvdata(pdev);

	misc_deregister(&card->misc);
	__free_page(card->counters);
}

static const struct pci_device_id glint_ids[] = {
	{ PCI_DEVICE(GLINT_VENDOR, GLINT_DEVICE) },
	{ }
};
MODULE_DEVICE_TABLE(pci, glint_ids);

static struct pci_driver glint_driver = {
	.name = "glint",
	.id_table = glint_ids,
	.probe = glint_probe,
	.remove = glint_remove,
};
module_pci_driver(glint_driver);

MODULE_DESCRIPTION("Example of a driver with mapping mistakes");
MODULE_LICENSE("Dual MIT/GPL");
