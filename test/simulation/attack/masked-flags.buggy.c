// SPDX-License-Identifier: MIT
/* Another file says with flags what may be done with a port; a port that may only be read becomes writable by mprotect(2). */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "ports.h"

static int port_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;
	struct port_window window;
	int ret;

	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	ret = port_find(file->private_data, vma->vm_pgoff, size, &window);
	if (ret)
		return ret;
	if (!(window.rights & PORT_MAY_MAP))
		return -ENODEV;
	if ((vma->vm_flags & VM_READ) && !(window.rights & PORT_MAY_READ))
		return -EACCES;
	if ((vma->vm_flags & VM_WRITE) && !(window.rights & PORT_MAY_WRITE))
		return -EACCES;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return remap_pfn_range(vma, vma->vm_start, window.start >> PAGE_SHIFT, size, vma->vm_page_prot);
}

static const struct file_operations port_fops = {
	.owner = THIS_MODULE,
	.mmap = port_mmap,
};

static struct miscdevice port_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "port",
	.fops = &port_fops,
};

int port_start(void)
{
	return misc_register(&port_misc);
}
MODULE_LICENSE("GPL");
