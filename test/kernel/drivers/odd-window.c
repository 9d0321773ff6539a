// SPDX-License-Identifier: MIT
/*
 * A window of registers that does not begin or end at a page: vm_iomap_memory from 0x100 bytes into a page on, 0x2200 bytes long; ioctl 0x101 sets another
 * start, 0x102 another length.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#define ODD_BASE 0x18070000UL
#define ODD_ROOM 0x8000UL

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static phys_addr_t odd_start = ODD_BASE + 0x100;
static unsigned long odd_length = 0x2200;

static int odd_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_page_prot = pgprot_writecombine(vma->vm_page_prot);
	return vm_iomap_memory(vma, odd_start, odd_length);
}

static long odd_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	if (cmd == 0x101)
		odd_start = ODD_BASE + arg;
	else if (cmd == 0x102)
		odd_length = arg;
	else
		return -ENOTTY;
	return 0;
}

static const struct file_operations odd_fops = {
	.owner = THIS_MODULE,
	.mmap = odd_mmap,
	.unlocked_ioctl = odd_ioctl,
};

static struct miscdevice odd_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "odd-window",
	.fops = &odd_fops,
};

static int __init odd_init(void)
{
	int err;

	if (!request_mem_region(ODD_BASE, ODD_ROOM, "odd-window"))
		return -EBUSY;
	err = misc_register(&odd_device);
	if (err)
		release_mem_region(ODD_BASE, ODD_ROOM);
	return err;
}
module_init(odd_init);

static void __exit odd_exit(void)
{
	misc_deregister(&odd_device);
	release_mem_region(ODD_BASE, ODD_ROOM);
}
module_exit(odd_exit);

MODULE_DESCRIPTION("A window of registers that does not begin or end at a page");
MODULE_LICENSE("GPL");
