// kernel: 6.12
/* Raw page frames of device memory on faults: shared mappings only. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>

struct vram {
	phys_addr_t base;
	unsigned long nr_pages;
};

static vm_fault_t vram_fault(struct vm_fault *vmf)
{
	struct vram *vram = vmf->vma->vm_private_data;

	if (vmf->pgoff >= vram->nr_pages)
		return VM_FAULT_SIGBUS;
	return vmf_insert_pfn(vmf->vma, vmf->address, (vram->base >> PAGE_SHIFT) + vmf->pgoff);
}

static const struct vm_operations_struct vram_vm_ops = {
	.fault = vram_fault,
};

static int vram_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (is_cow_mapping(vma->vm_flags))
		return -EINVAL;
	vm_flags_set(vma, VM_PFNMAP | VM_IO | VM_DONTEXPAND);
	vma->vm_page_prot = pgprot_writecombine(vma->vm_page_prot);
	vma->vm_private_data = file->private_data;
	vma->vm_ops = &vram_vm_ops;
	return 0;
}

static const struct file_operations vram_fops = {
	.owner = THIS_MODULE,
	.mmap = vram_mmap,
};
