// SPDX-License-Identifier: MIT
/* A reserved window mapped uncached with an access hook; registers are kept by ioremap on the kernel's side, and the mapping can be revoked. */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap, count_access, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_access, uint, 0444);
module_param(count_fault, uint, 0444);

#define WIN_BASE 0x18100000UL
#define WIN_SIZE 0x4000UL

static void __iomem *regs;
static bool revoked;

static int window_access(struct vm_area_struct *vma, unsigned long addr, void *buf, int len, int write)
{
	count_access++;
	if (revoked)
		return -EIO;
	return generic_access_phys(vma, addr, buf, len, write);
}

static vm_fault_t window_fault(struct vm_fault *vmf)
{
	count_fault++;
	if (revoked)
		return VM_FAULT_SIGBUS;
	return vmf_insert_pfn(vmf->vma, vmf->address, (WIN_BASE >> PAGE_SHIFT) + vmf->pgoff);
}

static const struct vm_operations_struct window_ops = {
	.access = window_access,
	.fault = window_fault,
};

static int window_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;
	unsigned long off = vma->vm_pgoff << PAGE_SHIFT;

	count_mmap++;
	if (off >= WIN_SIZE || size > WIN_SIZE - off)
		return -EINVAL;
	vma->vm_ops = &window_ops;
	vma->vm_page_prot = pgprot_writecombine(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, (WIN_BASE + off) >> PAGE_SHIFT, size, vma->vm_page_prot);
}

static long window_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case 0x101:
		revoked = true;
		unmap_mapping_range(file->f_mapping, 0, 0, 1);
		return 0;
	case 0x102:
		revoked = false;
		return 0;
	case 0x103:
		if (arg + 4 > WIN_SIZE)
			return -EINVAL;
		return ioread32(regs + arg);
	case 0x104:
		iowrite32(0x1234, regs + (arg & (WIN_SIZE - 4)));
		return 0;
	case 0x105:
		memset_io(regs, 0x5a, PAGE_SIZE);
		return readl(regs + 4) == 0x5a5a5a5a;
	}
	return -ENOTTY;
}

static const struct file_operations window_fops = {
	.owner = THIS_MODULE,
	.mmap = window_mmap,
	.unlocked_ioctl = window_ioctl,
};

static struct miscdevice window_misc = { .minor = MISC_DYNAMIC_MINOR, .name = "access-window", .fops = &window_fops };

static int __init window_init(void)
{
	int err;

	if (!request_mem_region(WIN_BASE, WIN_SIZE, "access-window"))
		return -EBUSY;
	err = -ENOMEM;
	regs = ioremap_wc(WIN_BASE, WIN_SIZE);
	if (!regs)
		goto release;
	iowrite32(0xfeed, regs + 0x10);
	writeb(7, regs + 0x1000);
	err = misc_register(&window_misc);
	if (!err)
		return 0;
	iounmap(regs);
release:
	release_mem_region(WIN_BASE, WIN_SIZE);
	return err;
}

static void __exit window_exit(void)
{
	misc_deregister(&window_misc);
	iounmap(regs);
	release_mem_region(WIN_BASE, WIN_SIZE);
}
module_init(window_init);
module_exit(window_exit);
MODULE_LICENSE("GPL");
