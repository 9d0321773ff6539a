// kernel: 6.12
/* The first BAR of a card, in bytes, checked by what is left behind the offset. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pci.h>

struct aperture {
	struct pci_dev *pdev;
	resource_size_t start;
	resource_size_t bytes;
};

static int aperture_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct aperture *ap = file->private_data;
	unsigned long offset = vma->vm_pgoff << PAGE_SHIFT;
	unsigned long length = vma->vm_end - vma->vm_start;

	if (offset >= ap->bytes || length > ap->bytes - offset)
		return -EINVAL;
	vma->vm_page_prot = pgprot_writecombine(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, (ap->start + offset) >> PAGE_SHIFT, length,
				  vma->vm_page_prot);
}

static const struct file_operations aperture_fops = {
	.owner = THIS_MODULE,
	.mmap = aperture_mmap,
};

static int aperture_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct aperture *ap = devm_kzalloc(&pdev->dev, sizeof(*ap), GFP_KERNEL);

	if (!ap)
		return -ENOMEM;
	ap->pdev = pdev;
	ap->start = pci_resource_start(pdev, 0);
	ap->bytes = pci_resource_len(pdev, 0);
	pci_set_drvdata(pdev, ap);
	return 0;
}
