// SPDX-License-Identifier: MIT
/*
 * The offset is a physical address, as in /dev/mem: the module refuses all but the memory that was set aside, and takes the cache type from O_SYNC. The
 * debugger reaches it, too.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static bool phys_is_ours(u64 start, u64 size)
{
	if (start >= 0x8000000 && start + size <= 0x8000000 + 0x1000000)
		return true;
	return start >= 0x18000000 && start + size <= 0x18000000 + 0x8000000;
}

static const struct vm_operations_struct phys_vm_ops = {
	.access = generic_access_phys,
};

static int phys_mmap(struct file *file, struct vm_area_struct *vma)
{
	size_t size = vma->vm_end - vma->vm_start;
	phys_addr_t offset = (phys_addr_t)vma->vm_pgoff << PAGE_SHIFT;

	count_mmap++;
	if (offset >> PAGE_SHIFT != vma->vm_pgoff)
		return -EINVAL;
	if (offset + (phys_addr_t)size - 1 < offset)
		return -EINVAL;
	if (!phys_is_ours(offset, size))
		return -EPERM;
	if (file->f_flags & O_DSYNC)
		vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	vma->vm_ops = &phys_vm_ops;
	if (remap_pfn_range(vma, vma->vm_start, vma->vm_pgoff, size, vma->vm_page_prot))
		return -EAGAIN;
	return 0;
}

static const struct file_operations phys_fops = {
	.owner = THIS_MODULE,
	.mmap = phys_mmap,
};

static struct miscdevice phys_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "phys-window",
	.fops = &phys_fops,
};
module_misc_device(phys_device);

MODULE_DESCRIPTION("The offset is a physical address");
MODULE_LICENSE("GPL");
