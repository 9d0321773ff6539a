// SPDX-License-Identifier: MIT
/*
 * Functions of the file that system calls on a mapping reach: fsync by msync, fadvise by madvise, flush by close. Each answers with the error that ioctl 0x101
 * to 0x103 set, 0 at first; 0x104 tells how often each ran, one byte each, the last call first. The memory is one page, mapped by the fault handler.
 */
#include <linux/fs.h>
#include <linux/mman.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/version.h>

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static struct page *hooks_page;
static unsigned int hooks_fsync, hooks_fadvise, hooks_flush;
static int hooks_answer[3];

static vm_fault_t hooks_fault(struct vm_fault *vmf)
{
	count_fault++;
	get_page(hooks_page);
	vmf->page = hooks_page;
	return 0;
}

static const struct vm_operations_struct hooks_vm_ops = {
	.fault = hooks_fault,
};

static int hooks_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_ops = &hooks_vm_ops;
	return 0;
}

static int hooks_do_fsync(struct file *file, loff_t start, loff_t end, int datasync)
{
	hooks_fsync++;
	if (end - start + 1 == 3 * PAGE_SIZE)
		return -ENOSPC;
	return hooks_answer[0];
}

static int hooks_do_fadvise(struct file *file, loff_t offset, loff_t length, int advice)
{
	hooks_fadvise++;
	return hooks_answer[1];
}

static int hooks_do_flush(struct file *file, fl_owner_t id)
{
	hooks_flush++;
	return hooks_answer[2];
}

static long hooks_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	if (command >= 0x101 && command <= 0x103) {
		hooks_answer[command - 0x101] = -(int)argument;
		return 0;
	}
	if (command == 0x104)
		return hooks_fsync | hooks_fadvise << 8 | hooks_flush << 16;
	return -ENOIOCTLCMD;
}

static const struct file_operations hooks_fops = {
	.owner = THIS_MODULE,
	.mmap = hooks_mmap,
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
	.mmap_supported_flags = MAP_SYNC,
#else
	.fop_flags = FOP_MMAP_SYNC,
#endif
	.fsync = hooks_do_fsync,
	.fadvise = hooks_do_fadvise,
	.flush = hooks_do_flush,
	.unlocked_ioctl = hooks_ioctl,
};

static struct miscdevice hooks_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "file-hooks",
	.fops = &hooks_fops,
};

static int __init hooks_init(void)
{
	hooks_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!hooks_page)
		return -ENOMEM;
	return misc_register(&hooks_device);
}
module_init(hooks_init);

static void __exit hooks_exit(void)
{
	misc_deregister(&hooks_device);
	__free_page(hooks_page);
}
module_exit(hooks_exit);

MODULE_DESCRIPTION("Functions of the file that system calls on a mapping reach");
MODULE_LICENSE("GPL");
