// kernel: 6.12
/* A binary attribute of a bus device that maps its shared memory. */
#include <linux/device.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sysfs.h>

struct bridge {
	struct device dev;
	phys_addr_t shared;
	unsigned long shared_pages;
};

static int bridge_mmap(struct file *file, struct kobject *kobj, const struct bin_attribute *attr,
		       struct vm_area_struct *vma)
{
	struct device *dev = kobj_to_dev(kobj);
	struct bridge *bridge = container_of(dev, struct bridge, dev);

	if (vma->vm_pgoff > bridge->shared_pages)
		return -EINVAL;
	if (vma_pages(vma) > bridge->shared_pages - vma->vm_pgoff)
		return -EINVAL;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, (bridge->shared >> PAGE_SHIFT) + vma->vm_pgoff,
				  vma_pages(vma) * PAGE_SIZE, vma->vm_page_prot);
}

static const struct bin_attribute bridge_attr = {
	.attr = { .name = "shared", .mode = 0600 },
	.mmap = bridge_mmap,
};
