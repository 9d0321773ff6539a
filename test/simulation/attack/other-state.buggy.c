/* A driver of our own: pages are given out while the card runs, to private mappings as well. */
#include <linux/fs.h>
#include <linux/mm.h>

#define CARD_IDLE 1
#define CARD_RUNS 2

struct card {
	int state;
	phys_addr_t start;
	unsigned long size;
};

static vm_fault_t card_fault(struct vm_fault *vmf)
{
	struct card *card = vmf->vma->vm_private_data;

	if (card->state != CARD_RUNS)
		return VM_FAULT_SIGBUS;
	return vmf_insert_pfn(vmf->vma, vmf->address, (card->start >> PAGE_SHIFT) + vmf->pgoff);
}

static const struct vm_operations_struct card_vm_ops = {
	.fault = card_fault,
};

void card_reset(struct card *card)
{
	card->state = CARD_IDLE;
}

void card_start(struct card *card)
{
	card->state = CARD_RUNS;
}

static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct card *card = file->private_data;
	unsigned long size = vma->vm_end - vma->vm_start;

	if (vma->vm_pgoff || size > card->size)
		return -EINVAL;
	vm_flags_set(vma, VM_PFNMAP | VM_IO | VM_DONTEXPAND);
	vma->vm_private_data = card;
	vma->vm_ops = &card_vm_ops;
	return 0;
}

static const struct file_operations card_fops = {
	.owner = THIS_MODULE,
	.mmap = card_mmap,
};
