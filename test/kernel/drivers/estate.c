// SPDX-License-Identifier: MIT
/*
 * Memory that was set aside at boot, parted by a bitmap: ioctl 0xc01 N leases N neighbouring pages to the file and gives the number of the first, 0xc02 FIRST ends a lease, whoever has it mapped. mmap of a
 * lease remaps it as a whole; above page 0x100 the same pages are given one by one by their struct pages, above 0x200 those without struct page are taken as pfns.
 */
#include <linux/bitmap.h>
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/spinlock.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

#define ESTATE_RAM 0x8080000
#define ESTATE_HOLE 0x18080000
#define ESTATE_PAGES 16

static DECLARE_BITMAP(leased, ESTATE_PAGES);
static DEFINE_SPINLOCK(estate_lock);
static void *estate_ram;

static int estate_lease(unsigned int nr)
{
	unsigned long first;

	if (!nr || nr > ESTATE_PAGES)
		return -EINVAL;
	spin_lock(&estate_lock);
	first = bitmap_find_next_zero_area(leased, ESTATE_PAGES, 0, nr, 0);
	if (first < ESTATE_PAGES)
		bitmap_set(leased, first, nr);
	spin_unlock(&estate_lock);
	if (first >= ESTATE_PAGES)
		return -ENOSPC;
	memset(estate_ram + first * PAGE_SIZE, 0xe0 + first, nr * PAGE_SIZE);
	return first;
}

static long estate_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case 0xc01:
		return estate_lease(arg);
	case 0xc02:
		if (arg >= ESTATE_PAGES || !test_and_clear_bit(arg, leased))
			return -ENOENT;
		unmap_mapping_range(file->f_mapping, (loff_t)arg << PAGE_SHIFT, PAGE_SIZE, 1);
		unmap_mapping_range(file->f_mapping, (loff_t)(0x100 + arg) << PAGE_SHIFT, PAGE_SIZE, 1);
		return 0;
	case 0xc03:
		return bitmap_weight(leased, ESTATE_PAGES);
	}
	return -ENOTTY;
}

static vm_fault_t estate_fault(struct vm_fault *vmf)
{
	unsigned long nr = vmf->pgoff & 0xff;

	count_fault++;
	if (nr >= ESTATE_PAGES)
		return VM_FAULT_SIGBUS;
	if (vmf->pgoff >= 0x200)
		return vmf_insert_pfn(vmf->vma, vmf->address, PHYS_PFN(ESTATE_HOLE) + nr);
	if (!test_bit(nr, leased))
		return VM_FAULT_SIGBUS;
	vmf->page = pfn_to_page(PHYS_PFN(ESTATE_RAM) + nr);
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct estate_vm_ops = { .fault = estate_fault };

static int estate_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long nr = vma->vm_pgoff & 0xff;

	count_mmap++;
	if (nr + vma_pages(vma) > ESTATE_PAGES)
		return -ENXIO;
	if (vma->vm_pgoff < 0x100) {
		if (find_next_zero_bit(leased, ESTATE_PAGES, nr) < nr + vma_pages(vma))
			return -EACCES;
		return remap_pfn_range(vma, vma->vm_start, PHYS_PFN(ESTATE_RAM) + nr, vma_pages(vma) << PAGE_SHIFT, vma->vm_page_prot);
	}
	vma->vm_ops = &estate_vm_ops;
	if (vma->vm_pgoff >= 0x200)
		vm_flags_set(vma, VM_PFNMAP | VM_IO);
	return 0;
}

static const struct file_operations estate_fops = {
	.owner = THIS_MODULE,
	.mmap = estate_mmap,
	.unlocked_ioctl = estate_ioctl,
};

static struct miscdevice estate_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "estate",
	.fops = &estate_fops,
};

static int __init estate_init(void)
{
	if (!request_mem_region(ESTATE_RAM, ESTATE_PAGES * PAGE_SIZE, "estate"))
		return -EBUSY;
	if (!request_mem_region(ESTATE_HOLE, ESTATE_PAGES * PAGE_SIZE, "estate"))
		goto release;
	estate_ram = memremap(ESTATE_RAM, ESTATE_PAGES * PAGE_SIZE, MEMREMAP_WB);
	if (!estate_ram)
		goto release_hole;
	return misc_register(&estate_misc);
release_hole:
	release_mem_region(ESTATE_HOLE, ESTATE_PAGES * PAGE_SIZE);
release:
	release_mem_region(ESTATE_RAM, ESTATE_PAGES * PAGE_SIZE);
	return -EBUSY;
}

static void __exit estate_exit(void)
{
	misc_deregister(&estate_misc);
	memunmap(estate_ram);
	release_mem_region(ESTATE_HOLE, ESTATE_PAGES * PAGE_SIZE);
	release_mem_region(ESTATE_RAM, ESTATE_PAGES * PAGE_SIZE);
}
module_init(estate_init);
module_exit(estate_exit);
MODULE_LICENSE("GPL");
