// SPDX-License-Identifier: MIT
/*
 * A fault handler that does not wait under the mmap lock: while the device is busy (ioctl 0x101 N: for the next N faults) it gives the lock back and asks for another try, or, when
 * it may not, waits a moment and says NOPAGE; a write to page 1 then fails with OOM once (0x102).
 */
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static struct page *busy_pages[2];
static atomic_t busy_rounds = ATOMIC_INIT(0);
static atomic_t busy_oom = ATOMIC_INIT(0);

static vm_fault_t busy_fault(struct vm_fault *vmf)
{
	count_fault++;
	if (atomic_add_unless(&busy_rounds, -1, 0)) {
		if (fault_flag_allow_retry_first(vmf->flags)) {
			if (!(vmf->flags & FAULT_FLAG_RETRY_NOWAIT))
				mmap_read_unlock(vmf->vma->vm_mm);
			return VM_FAULT_RETRY;
		}
		msleep(1);
		return VM_FAULT_NOPAGE;
	}
	if (vmf->pgoff >= ARRAY_SIZE(busy_pages))
		return VM_FAULT_SIGBUS;
	if (vmf->pgoff == 1 && vmf->flags & FAULT_FLAG_WRITE && atomic_xchg(&busy_oom, 0))
		return VM_FAULT_OOM;
	get_page(busy_pages[vmf->pgoff]);
	vmf->page = busy_pages[vmf->pgoff];
	return vmf->flags & FAULT_FLAG_TRIED ? VM_FAULT_MAJOR : 0;
}

static const struct vm_operations_struct busy_vm_ops = {
	.fault = busy_fault,
};

static int busy_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_ops = &busy_vm_ops;
	return 0;
}

static long busy_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case 0x101:
		atomic_set(&busy_rounds, arg);
		return 0;
	case 0x102:
		atomic_set(&busy_oom, 1);
		return 0;
	case 0x103:
		return atomic_read(&busy_rounds);
	}
	return -ENOTTY;
}

static const struct file_operations busy_fops = {
	.owner = THIS_MODULE,
	.mmap = busy_mmap,
	.unlocked_ioctl = busy_ioctl,
};

static struct miscdevice busy_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "busy-fault",
	.fops = &busy_fops,
};

static int __init busy_init(void)
{
	busy_pages[0] = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!busy_pages[0])
		return -ENOMEM;
	busy_pages[1] = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!busy_pages[1]) {
		__free_page(busy_pages[0]);
		return -ENOMEM;
	}
	return misc_register(&busy_device);
}
module_init(busy_init);

static void __exit busy_exit(void)
{
	misc_deregister(&busy_device);
	__free_page(busy_pages[0]);
	__free_page(busy_pages[1]);
}
module_exit(busy_exit);

MODULE_DESCRIPTION("A fault handler that does not wait under the mmap lock");
MODULE_LICENSE("GPL");
