// SPDX-License-Identifier: MIT
/* Registers of an ISA board, mapped with io_remap_page_range() of 2.4 or of 2.6 up to 2.6.10. */
#include <linux/version.h>
#include <linux/module.h>
#include <linux/init.h>
#include <linux/fs.h>
#include <linux/mm.h>

#define BOARD_MAJOR 127
#define BOARD_BASE 0xfd000000UL
#define BOARD_SIZE (2 * PAGE_SIZE)

static int board_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;

	if (size > BOARD_SIZE)
		return -EINVAL;
	vma->vm_flags |= VM_IO | VM_RESERVED;
#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 5, 3)
	if (io_remap_page_range(vma->vm_start, BOARD_BASE, size, vma->vm_page_prot))
#else
	if (io_remap_page_range(vma, vma->vm_start, BOARD_BASE, size, vma->vm_page_prot))
#endif
		return -EAGAIN;
	return 0;
}

static struct file_operations board_fops = {
	owner:	THIS_MODULE,
	mmap:	board_mmap,
};

static int __init board_init(void)
{
	if (!request_mem_region(BOARD_BASE, BOARD_SIZE, "board"))
		return -EBUSY;
	return register_chrdev(BOARD_MAJOR, "board", &board_fops);
}

module_init(board_init);
