// SPDX-License-Identifier: MIT
/*
 * A mailbox of two halves in memory set aside: the first page, the registers, is remapped at once; the pages behind it are inserted as pfns when they are touched,
 * and a first write to one of them rings a bell.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

#define MAILBOX_BASE 0x18040000UL
#define MAILBOX_SIZE 0x5000UL

static unsigned int count_mmap, count_fault, count_pfn_mkwrite, count_access;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_pfn_mkwrite, uint, 0444);
module_param(count_access, uint, 0444);

static void __iomem *mailbox_regs;
static unsigned int mailbox_bells;

static vm_fault_t mailbox_fault(struct vm_fault *vmf)
{
	unsigned long offset = vmf->pgoff << PAGE_SHIFT;

	count_fault++;
	if (offset >= MAILBOX_SIZE)
		return VM_FAULT_SIGBUS;
	return vmf_insert_pfn(vmf->vma, vmf->address, PHYS_PFN(MAILBOX_BASE + offset));
}

static vm_fault_t mailbox_pfn_mkwrite(struct vm_fault *vmf)
{
	count_pfn_mkwrite++;
	mailbox_bells++;
	return vmf->pgoff == 3 ? VM_FAULT_SIGBUS : 0;
}

static int mailbox_access(struct vm_area_struct *vma, unsigned long addr, void *buf, int len, int write)
{
	unsigned long offset = addr - vma->vm_start + (vma->vm_pgoff << PAGE_SHIFT);

	count_access++;
	if (offset >= MAILBOX_SIZE)
		return -EFAULT;
	len = min_t(unsigned long, len, MAILBOX_SIZE - offset);
	if (write)
		memcpy_toio(mailbox_regs + offset, buf, len);
	else
		memcpy_fromio(buf, mailbox_regs + offset, len);
	return len;
}

static const struct vm_operations_struct mailbox_vm_ops = {
	.fault = mailbox_fault,
	.pfn_mkwrite = mailbox_pfn_mkwrite,
	.access = mailbox_access,
};

static int mailbox_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (!(vma->vm_flags & VM_SHARED) && (vma->vm_flags & VM_MAYWRITE))
		return -EINVAL;
	vma->vm_ops = &mailbox_vm_ops;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	vm_flags_set(vma, VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
	if (vma->vm_pgoff)
		return 0;
	return io_remap_pfn_range(vma, vma->vm_start, PHYS_PFN(MAILBOX_BASE), PAGE_SIZE, vma->vm_page_prot);
}

static ssize_t mailbox_read(struct file *file, char __user *buf, size_t len, loff_t *ppos)
{
	u32 status[2];

	status[0] = mailbox_bells;
	status[1] = ioread32(mailbox_regs);
	return simple_read_from_buffer(buf, len, ppos, status, sizeof(status));
}

static const struct file_operations mailbox_fops = {
	.owner = THIS_MODULE,
	.read = mailbox_read,
	.mmap = mailbox_mmap,
	.llseek = default_llseek,
};

static struct miscdevice mailbox_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "half-and-half",
	.fops = &mailbox_fops,
};

static int __init mailbox_init(void)
{
	int err;

	if (!request_mem_region(MAILBOX_BASE, MAILBOX_SIZE, "half-and-half"))
		return -EBUSY;
	mailbox_regs = ioremap(MAILBOX_BASE, MAILBOX_SIZE);
	if (!mailbox_regs) {
		err = -ENOMEM;
		goto release;
	}
	iowrite32(0xb0, mailbox_regs);
	err = misc_register(&mailbox_device);
	if (err)
		goto unmap;
	return 0;
unmap:
	iounmap(mailbox_regs);
release:
	release_mem_region(MAILBOX_BASE, MAILBOX_SIZE);
	return err;
}
module_init(mailbox_init);

static void __exit mailbox_exit(void)
{
	misc_deregister(&mailbox_device);
	iounmap(mailbox_regs);
	release_mem_region(MAILBOX_BASE, MAILBOX_SIZE);
}
module_exit(mailbox_exit);

MODULE_DESCRIPTION("A mailbox of two halves");
MODULE_LICENSE("GPL");
