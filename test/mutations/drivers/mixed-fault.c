// kernel: 6.12
/* Ordinary pages inserted on faults by the kernel's own helper; the vma says so from the start. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>

struct cache_dev {
	struct page **pages;
	unsigned long nr_pages;
};

static vm_fault_t cache_fault(struct vm_fault *vmf)
{
	struct cache_dev *cache = vmf->vma->vm_private_data;
	unsigned long index = vmf->pgoff;

	if (index >= cache->nr_pages)
		return VM_FAULT_SIGBUS;
	return vmf_insert_page(vmf->vma, vmf->address, cache->pages[index]);
}

static const struct vm_operations_struct cache_vm_ops = {
	.fault = cache_fault,
};

static int cache_mmap(struct file *file, struct vm_area_struct *vma)
{
	vm_flags_set(vma, VM_MIXEDMAP | VM_DONTEXPAND);
	vma->vm_private_data = file->private_data;
	vma->vm_ops = &cache_vm_ops;
	return 0;
}

static const struct file_operations cache_fops = {
	.owner = THIS_MODULE,
	.mmap = cache_mmap,
};
