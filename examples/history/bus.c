// SPDX-License-Identifier: MIT
/* The handler that a mail of 2004 proposed for memory without struct pages. It was in no release; nopfn came two years later. */
#include <linux/module.h>
#include <linux/init.h>
#include <linux/fs.h>
#include <linux/mm.h>

#define BUS_MAJOR 136

static unsigned long bus_nopage_dma(struct vm_area_struct *vma, unsigned long address)
{
	return address >> PAGE_SHIFT;
}

static struct vm_operations_struct bus_vm_ops = {
	.nopage_dma	= bus_nopage_dma,
};

static int bus_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_ops = &bus_vm_ops;
	return 0;
}

static struct file_operations bus_fops = {
	.mmap	= bus_mmap,
};

static int __init bus_init(void)
{
	return register_chrdev(BUS_MAJOR, "bus", &bus_fops);
}

module_init(bus_init);
