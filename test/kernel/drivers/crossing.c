// SPDX-License-Identifier: MIT
/*
 * Any mapping call with any kind of memory: ioctl 0x101 chooses the call, 0x102 the memory, 0x103 what the mmap function adds to the flags first, 0x104 how
 * many pages the call is asked for (0: all of the vma). The memory has four pages.
 */
#include <linux/dma-mapping.h>
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pfn_t.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "compat.h"

#define CROSSING_PAGES 4UL
#define CROSSING_WINDOW 0x8080000UL

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

enum crossing_call {
	CALL_REMAP,
	CALL_IO_REMAP,
	CALL_IOMAP,
	CALL_INSERT_PAGE,
	CALL_INSERT_PAGES,
	CALL_MAP_PAGES,
	CALL_MAP_PAGES_ZERO,
	CALL_INSERT_PFN,
	CALL_INSERT_PFN_PROT,
	CALL_INSERT_MIXED,
	CALL_VMALLOC_RANGE,
};

enum crossing_memory {
	MEMORY_PAGES,
	MEMORY_COMPOUND,
	MEMORY_KMALLOC,
	MEMORY_VMALLOC_USER,
	MEMORY_VMALLOC,
	MEMORY_WINDOW,
	MEMORY_COUNT,
};

static unsigned long crossing_call, crossing_memory, crossing_flags, crossing_asked;
static struct page *crossing_pages[MEMORY_COUNT][CROSSING_PAGES];
static struct page *crossing_block, *crossing_compound;
static void *crossing_kmalloc, *crossing_user, *crossing_vmalloc;

static int crossing_insert_each(struct vm_area_struct *vma, struct page **pages, unsigned long count)
{
	unsigned long i;
	int err;

	for (i = 0; i < count && i < CROSSING_PAGES; i++) {
		err = vm_insert_page(vma, vma->vm_start + i * PAGE_SIZE, pages[i]);
		if (err)
			return err;
	}
	return 0;
}

static int crossing_pfn_each(struct vm_area_struct *vma, struct page **pages, unsigned long count)
{
	unsigned long i, addr = vma->vm_start;
	vm_fault_t ret;

	for (i = 0; i < count && i < CROSSING_PAGES; i++, addr += PAGE_SIZE) {
		unsigned long pfn = page_to_pfn(pages[i]);

		if (crossing_call == CALL_INSERT_PFN)
			ret = vmf_insert_pfn(vma, addr, pfn);
		else if (crossing_call == CALL_INSERT_PFN_PROT)
			ret = vmf_insert_pfn_prot(vma, addr, pfn, pgprot_writecombine(vma->vm_page_prot));
		else
			ret = vmf_insert_mixed(vma, addr, __pfn_to_pfn_t(pfn, PFN_DEV));
		if (ret & VM_FAULT_ERROR)
			return vm_fault_to_errno(ret, 0);
	}
	return 0;
}

static int crossing_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct page **pages = crossing_pages[crossing_memory];
	unsigned long count = crossing_asked ?: vma_pages(vma);
	unsigned long num = count;

	count_mmap++;
	vm_flags_set(vma, crossing_flags);
	switch (crossing_call) {
	case CALL_REMAP:
		return remap_pfn_range(vma, vma->vm_start, page_to_pfn(pages[0]), count << PAGE_SHIFT, vma->vm_page_prot);
	case CALL_IO_REMAP:
		return io_remap_pfn_range(vma, vma->vm_start, page_to_pfn(pages[0]), count << PAGE_SHIFT,
					  pgprot_noncached(vma->vm_page_prot));
	case CALL_IOMAP:
		return vm_iomap_memory(vma, page_to_phys(pages[0]), CROSSING_PAGES * PAGE_SIZE);
	case CALL_INSERT_PAGE:
		return crossing_insert_each(vma, pages, count);
	case CALL_INSERT_PAGES:
		return vm_insert_pages(vma, vma->vm_start, pages, &num);
	case CALL_MAP_PAGES:
		return vm_map_pages(vma, pages, CROSSING_PAGES);
	case CALL_MAP_PAGES_ZERO:
		return vm_map_pages_zero(vma, pages, CROSSING_PAGES);
	case CALL_INSERT_PFN:
	case CALL_INSERT_PFN_PROT:
	case CALL_INSERT_MIXED:
		return crossing_pfn_each(vma, pages, count);
	case CALL_VMALLOC_RANGE:
		return remap_vmalloc_range(vma, crossing_memory == MEMORY_VMALLOC ? crossing_vmalloc : crossing_user, vma->vm_pgoff);
	}
	return -EOPNOTSUPP;
}

static long crossing_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case 0x101:
		crossing_call = arg;
		return 0;
	case 0x102:
		if (arg >= MEMORY_COUNT)
			return -EINVAL;
		crossing_memory = arg;
		return 0;
	case 0x103:
		crossing_flags = arg;
		return 0;
	case 0x104:
		crossing_asked = arg;
		return 0;
	}
	return -ENOTTY;
}

static const struct file_operations crossing_fops = {
	.owner = THIS_MODULE,
	.mmap = crossing_mmap,
	.unlocked_ioctl = crossing_ioctl,
};

static struct miscdevice crossing_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "crossing",
	.fops = &crossing_fops,
};

static void crossing_free(void)
{
	vfree(crossing_vmalloc);
	vfree(crossing_user);
	kfree(crossing_kmalloc);
	if (crossing_compound)
		__free_pages(crossing_compound, 2);
	if (crossing_block)
		__free_pages(crossing_block, 2);
}

static int __init crossing_init(void)
{
	int i, err = -ENOMEM;

	crossing_block = alloc_pages(GFP_KERNEL | __GFP_ZERO, 2);
	crossing_compound = alloc_pages(GFP_KERNEL | __GFP_ZERO | __GFP_COMP, 2);
	crossing_kmalloc = kzalloc(CROSSING_PAGES * PAGE_SIZE, GFP_KERNEL);
	crossing_user = vmalloc_user(CROSSING_PAGES * PAGE_SIZE);
	crossing_vmalloc = vzalloc(CROSSING_PAGES * PAGE_SIZE);
	if (!crossing_block || !crossing_compound || !crossing_kmalloc || !crossing_user || !crossing_vmalloc)
		goto fail;
	for (i = 0; i < CROSSING_PAGES; i++) {
		crossing_pages[MEMORY_PAGES][i] = crossing_block + i;
		crossing_pages[MEMORY_COMPOUND][i] = nth_page(crossing_compound, i);
		crossing_pages[MEMORY_KMALLOC][i] = virt_to_page(crossing_kmalloc + i * PAGE_SIZE);
		crossing_pages[MEMORY_VMALLOC_USER][i] = vmalloc_to_page(crossing_user + i * PAGE_SIZE);
		crossing_pages[MEMORY_VMALLOC][i] = vmalloc_to_page(crossing_vmalloc + i * PAGE_SIZE);
		crossing_pages[MEMORY_WINDOW][i] = pfn_to_page(PHYS_PFN(CROSSING_WINDOW) + i);
	}
	err = misc_register(&crossing_device);
	if (err)
		goto fail;
	return 0;
fail:
	crossing_free();
	return err;
}
module_init(crossing_init);

static void __exit crossing_exit(void)
{
	misc_deregister(&crossing_device);
	crossing_free();
}
module_exit(crossing_exit);

MODULE_DESCRIPTION("Any mapping call with any kind of memory");
MODULE_LICENSE("GPL");
