// SPDX-License-Identifier: MIT
/*
 * A video card of the time of 2.4: memory from vmalloc_32(), each page reserved, its physical address found by a walk through the
 * kernel's page tables, each page mapped by a call of its own. Every such driver had its copy of these functions.
 */
#include <linux/module.h>
#include <linux/init.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>
#include <linux/wrapper.h>

#define TUNER_MAJOR 125
#define TUNER_SIZE (4 * PAGE_SIZE)

static void *tuner_memory;

static inline unsigned long tuner_kvirt_to_pa(unsigned long address)
{
	pgd_t *pgd = pgd_offset_k(address);
	pmd_t *pmd;
	pte_t *entry, pte;

	if (pgd_none(*pgd))
		return 0;
	pmd = pmd_offset(pgd, address);
	if (pmd_none(*pmd))
		return 0;
	entry = pte_offset(pmd, address);
	pte = *entry;
	if (!pte_present(pte))
		return 0;
	return __pa(page_address(pte_page(pte))) | (address & (PAGE_SIZE - 1));
}

static void *tuner_rvmalloc(unsigned long size)
{
	void *memory = vmalloc_32(size);
	unsigned long address = (unsigned long)memory;

	if (!memory)
		return NULL;
	memset(memory, 0, size);
	while (size > 0) {
		mem_map_reserve(virt_to_page(__va(tuner_kvirt_to_pa(address))));
		address += PAGE_SIZE;
		size -= PAGE_SIZE;
	}
	return memory;
}

static int tuner_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long start = vma->vm_start;
	unsigned long size = vma->vm_end - vma->vm_start;
	unsigned long position = (unsigned long)tuner_memory;

	if (size > TUNER_SIZE)
		return -EINVAL;
	while (size > 0) {
		if (remap_page_range(start, tuner_kvirt_to_pa(position), PAGE_SIZE, PAGE_SHARED))
			return -EAGAIN;
		start += PAGE_SIZE;
		position += PAGE_SIZE;
		size -= PAGE_SIZE;
	}
	return 0;
}

static struct file_operations tuner_fops = {
	mmap:	tuner_mmap,
};

static int __init tuner_init(void)
{
	tuner_memory = tuner_rvmalloc(TUNER_SIZE);
	if (!tuner_memory)
		return -ENOMEM;
	return register_chrdev(TUNER_MAJOR, "tuner", &tuner_fops);
}

module_init(tuner_init);
