// kernel: 6.12
/* A vmalloc buffer, page by page; the handler of the fault compares in bytes. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/vmalloc.h>

struct shadow {
	void *memory;
	unsigned long bytes;
};

static vm_fault_t shadow_fault(struct vm_fault *vmf)
{
	struct shadow *shadow = vmf->vma->vm_private_data;
	unsigned long offset = vmf->pgoff << PAGE_SHIFT;
	struct page *page;

	if (offset >= shadow->bytes)
		return VM_FAULT_SIGBUS;
	page = vmalloc_to_page(shadow->memory + offset);
	if (!page)
		return VM_FAULT_SIGBUS;
	get_page(page);
	vmf->page = page;
	return 0;
}

static const struct vm_operations_struct shadow_vm_ops = {
	.fault = shadow_fault,
};

static int shadow_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_private_data = file->private_data;
	vma->vm_ops = &shadow_vm_ops;
	vm_flags_set(vma, VM_DONTEXPAND);
	return 0;
}

static const struct file_operations shadow_fops = {
	.owner = THIS_MODULE,
	.mmap = shadow_mmap,
};
