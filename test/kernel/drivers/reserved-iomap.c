// SPDX-License-Identifier: MIT
/*
 * Maps a window of memory that was set aside at boot with vm_iomap_memory. Offsets count from its start; from offset 16384
 * on a piece of 10000 bytes that starts inside a page.
 */
#include <linux/fs.h>
#include <linux/ioport.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

#define WINDOW_START 0x8000000
#define WINDOW_SIZE (16 << 20)

static int reserved_iomap_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_pgoff >= 16384) {
		vma->vm_pgoff -= 16384;
		return vm_iomap_memory(vma, WINDOW_START + 0x800, 10000);
	}
	return vm_iomap_memory(vma, WINDOW_START, WINDOW_SIZE);
}

static const struct file_operations reserved_iomap_fops = {
	.owner = THIS_MODULE,
	.mmap = reserved_iomap_mmap,
};

static struct miscdevice reserved_iomap_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "reserved-iomap",
	.fops = &reserved_iomap_fops,
};

static int __init reserved_iomap_init(void)
{
	if (!request_mem_region(WINDOW_START, WINDOW_SIZE, "reserved_iomap"))
		return -EBUSY;
	return misc_register(&reserved_iomap_device);
}
module_init(reserved_iomap_init);

static void __exit reserved_iomap_exit(void)
{
	misc_deregister(&reserved_iomap_device);
	release_mem_region(WINDOW_START, WINDOW_SIZE);
}
module_exit(reserved_iomap_exit);

MODULE_DESCRIPTION("Maps a window of memory that was set aside at boot with vm_iomap_memory");
MODULE_LICENSE("GPL");
