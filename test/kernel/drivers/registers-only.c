// SPDX-License-Identifier: MIT
/*
 * Windows of a platform device in memory that the kernel was told to keep away from, with the checks of a careful driver: one window of pages without
 * struct page, uncached and never executable, and one of reserved pages, cached. Its number is in the bits 8 and up of the page offset.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap, count_access;
module_param(count_mmap, uint, 0444);
module_param(count_access, uint, 0444);

struct window {
	phys_addr_t start;
	resource_size_t size;
	bool is_cached;
	bool is_writable;
	const char *name;
};

static const struct window windows[] = {
	{ 0x18002000, 4 * PAGE_SIZE, false, true, "registers" },
	{ 0x8004000, 3 * PAGE_SIZE, true, true, "buffer" },
	{ 0x18010800, 0x1000, false, true, "crooked" },
	{ 0x18020000, PAGE_SIZE, false, false, "identity" },
};

static const struct vm_operations_struct registers_physical_ops = {
#ifdef CONFIG_HAVE_IOREMAP_PROT
	.access = generic_access_phys,
#endif
};

static int registers_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;
	unsigned long number = vma->vm_pgoff >> 8;
	unsigned long offset = (vma->vm_pgoff & 0xff) << PAGE_SHIFT;
	const struct window *window;

	count_mmap++;
	if (number >= ARRAY_SIZE(windows))
		return -EINVAL;
	window = &windows[number];
	if (offset + size < size || offset + size > PAGE_ALIGN(window->size))
		return -EINVAL;
	if (!window->is_writable) {
		if (vma->vm_flags & VM_WRITE)
			return -EROFS;
		vm_flags_clear(vma, VM_MAYWRITE);
	}
	if (vma->vm_flags & VM_EXEC)
		return -EPERM;
	vm_flags_clear(vma, VM_MAYEXEC);
	vma->vm_ops = &registers_physical_ops;
	vma->vm_pgoff = offset >> PAGE_SHIFT;
	if (number == 2)
		return vm_iomap_memory(vma, window->start, window->size);
	if (!window->is_cached)
		vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, (window->start + offset) >> PAGE_SHIFT, size, vma->vm_page_prot);
}

static const struct file_operations registers_fops = {
	.owner = THIS_MODULE,
	.mmap = registers_mmap,
};

static struct miscdevice registers_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "registers-only",
	.fops = &registers_fops,
};

static int __init registers_init(void)
{
	int i, err;

	for (i = 0; i < ARRAY_SIZE(windows); i++) {
		if (!request_mem_region(windows[i].start, windows[i].size, windows[i].name)) {
			err = -EBUSY;
			goto failed;
		}
	}
	err = misc_register(&registers_device);
	if (err)
		goto failed;
	return 0;
failed:
	while (--i >= 0)
		release_mem_region(windows[i].start, windows[i].size);
	return err;
}
module_init(registers_init);

static void __exit registers_exit(void)
{
	int i;

	misc_deregister(&registers_device);
	for (i = 0; i < ARRAY_SIZE(windows); i++)
		release_mem_region(windows[i].start, windows[i].size);
}
module_exit(registers_exit);

MODULE_DESCRIPTION("Windows of a platform device in memory set aside");
MODULE_LICENSE("GPL");
