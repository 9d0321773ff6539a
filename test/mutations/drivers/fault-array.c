// kernel: 6.12
/* Pages of a log, handed out on faults; both handlers compare. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>

struct logbook {
	struct page **pages;
	unsigned long nr_pages;
};

static vm_fault_t logbook_fault(struct vm_fault *vmf)
{
	struct logbook *log = vmf->vma->vm_private_data;
	struct page *page;

	if (vmf->pgoff >= log->nr_pages)
		return VM_FAULT_SIGBUS;
	page = log->pages[vmf->pgoff];
	get_page(page);
	vmf->page = page;
	return 0;
}

static const struct vm_operations_struct logbook_vm_ops = {
	.fault = logbook_fault,
};

static int logbook_mmap(struct file *file, struct vm_area_struct *vma)
{
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_private_data = file->private_data;
	vma->vm_ops = &logbook_vm_ops;
	return 0;
}

static const struct file_operations logbook_fops = {
	.owner = THIS_MODULE,
	.mmap = logbook_mmap,
};
