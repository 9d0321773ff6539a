// kernel: 6.12
/* A command of the driver maps the mailbox into a vma that the program has made before. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/uaccess.h>

struct mailbox {
	phys_addr_t base;
};

static const struct vm_operations_struct mailbox_vm_ops = {
	.access = generic_access_phys,
};

static int mailbox_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma_pages(vma) != 1 || vma->vm_pgoff)
		return -EINVAL;
	if (!(vma->vm_flags & VM_MAYSHARE))
		return -EINVAL;
	vm_flags_set(vma, VM_PFNMAP | VM_IO | VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	vma->vm_ops = &mailbox_vm_ops;
	return 0;
}

static long mailbox_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct mailbox *box = file->private_data;
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	long ret = -EINVAL;

	mmap_write_lock(mm);
	vma = vma_lookup(mm, arg);
	if (!vma || vma->vm_ops != &mailbox_vm_ops)
		goto unlock;
	ret = io_remap_pfn_range(vma, vma->vm_start, box->base >> PAGE_SHIFT, PAGE_SIZE, vma->vm_page_prot);
unlock:
	mmap_write_unlock(mm);
	return ret;
}

static const struct file_operations mailbox_fops = {
	.owner = THIS_MODULE,
	.mmap = mailbox_mmap,
	.unlocked_ioctl = mailbox_ioctl,
};
