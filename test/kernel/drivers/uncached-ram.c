// SPDX-License-Identifier: MIT
/*
 * RAM whose own cache type was changed, mapped with another or the same. The offset selects: bits 4 and up the memory (0 write-combining, 1 uncached, 2
 * as it was), bits 2 and 3 the protection (0 as it is, 1 write-combining, 2 uncached, 3 device), bits 0 and 1 the way (0 remap_pfn_range, 1 vm_insert_page,
 * 2 vmf_insert_pfn, 3 a page on fault).
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/set_memory.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static unsigned long ram[3];

static unsigned long ram_of(unsigned long pgoff)
{
	return ram[(pgoff >> 4) % ARRAY_SIZE(ram)];
}

static vm_fault_t ram_fault(struct vm_fault *vmf)
{
	unsigned long memory = ram_of(vmf->pgoff);

	count_fault++;
	if ((vmf->pgoff & 3) == 2)
		return vmf_insert_pfn(vmf->vma, vmf->address, __pa(memory) >> PAGE_SHIFT);
	vmf->page = virt_to_page((void *)memory);
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct ram_vm_ops = {
	.fault = ram_fault,
};

static int ram_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long memory = ram_of(vma->vm_pgoff);

	count_mmap++;
	if (vma_pages(vma) != 1 || vma->vm_pgoff >= 48)
		return -EINVAL;
	switch ((vma->vm_pgoff >> 2) & 3) {
	case 1:
		vma->vm_page_prot = pgprot_writecombine(vma->vm_page_prot);
		break;
	case 2:
		vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
		break;
	case 3:
		vma->vm_page_prot = pgprot_device(vma->vm_page_prot);
		break;
	}
	switch (vma->vm_pgoff & 3) {
	case 0:
		return remap_pfn_range(vma, vma->vm_start, __pa(memory) >> PAGE_SHIFT, PAGE_SIZE, vma->vm_page_prot);
	case 1:
		return vm_insert_page(vma, vma->vm_start, virt_to_page((void *)memory));
	case 2:
		if (!(vma->vm_flags & VM_SHARED))
			return -EINVAL;
		vm_flags_set(vma, VM_PFNMAP);
		break;
	}
	vma->vm_ops = &ram_vm_ops;
	return 0;
}

static const struct file_operations ram_fops = {
	.owner = THIS_MODULE,
	.mmap = ram_mmap,
};

static struct miscdevice ram_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "uncached-ram",
	.fops = &ram_fops,
};

static int __init ram_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(ram); i++) {
		ram[i] = get_zeroed_page(GFP_KERNEL);
		if (!ram[i])
			return -ENOMEM;
		*(u32 *)ram[i] = 0xca00 + i;
	}
	if (set_memory_wc(ram[0], 1) || set_memory_uc(ram[1], 1))
		return -EIO;
	return misc_register(&ram_device);
}
module_init(ram_init);

static void __exit ram_exit(void)
{
	int i;

	misc_deregister(&ram_device);
	set_memory_wb(ram[0], 1);
	set_memory_wb(ram[1], 1);
	for (i = 0; i < ARRAY_SIZE(ram); i++)
		free_page(ram[i]);
}
module_exit(ram_exit);

MODULE_DESCRIPTION("RAM whose own cache type was changed");
MODULE_LICENSE("GPL");
