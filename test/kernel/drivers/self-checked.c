// SPDX-License-Identifier: MIT
/*
 * Careless with locks and pages in ways that only a kernel notices that checks itself: orders of locks that contradict each other, a lock
 * that is kept, waiting where nobody may wait, flags of pages that are not the block's first. Each way is an ioctl.
 */
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);
static unsigned int count_fault;
module_param(count_fault, uint, 0444);

struct part {
	struct mutex lock;
	unsigned int value;
};

static DEFINE_MUTEX(map_lock);
static DEFINE_MUTEX(far_lock);
static DECLARE_RWSEM(fault_sem);
static DEFINE_SPINLOCK(short_lock);
static struct part *parts[2];
static struct page *block;
static unsigned int number;

static struct part *make_part(unsigned int value)
{
	struct part *part = kzalloc(sizeof(*part), GFP_KERNEL);

	if (part) {
		mutex_init(&part->lock);
		part->value = value;
	}
	return part;
}

static vm_fault_t self_checked_fault(struct vm_fault *vmf)
{
	vm_fault_t result = VM_FAULT_SIGBUS;

	count_fault++;
	down_read(&fault_sem);
	if (vmf->pgoff < 4) {
		get_page(block + vmf->pgoff);
		vmf->page = block + vmf->pgoff;
		result = 0;
	}
	up_read(&fault_sem);
	return result;
}

static const struct vm_operations_struct self_checked_vm_ops = {
	.fault = self_checked_fault,
};

static int self_checked_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	mutex_lock(&map_lock);
	number++;
	vma->vm_ops = &self_checked_vm_ops;
	mutex_unlock(&map_lock);
	return 0;
}

/* A copy while the lock is held that the mmap handler takes. */
static long copy_under_map_lock(unsigned long arg)
{
	unsigned long left;

	mutex_lock(&map_lock);
	left = copy_to_user((void __user *)arg, &number, sizeof(number));
	mutex_unlock(&map_lock);
	return left ? -EFAULT : 0;
}

/* The same with the semaphore that the fault handler takes. */
static long copy_under_fault_sem(unsigned long arg)
{
	unsigned long left;

	down_write(&fault_sem);
	left = copy_from_user(&number, (void __user *)arg, sizeof(number));
	up_write(&fault_sem);
	return left ? -EFAULT : 0;
}

/* The lock that is held over the copy is not the one of the mmap handler, but is taken inside of that. */
static long copy_under_far_lock(unsigned long arg)
{
	unsigned long left;

	mutex_lock(&far_lock);
	left = copy_to_user((void __user *)arg, &number, sizeof(number));
	mutex_unlock(&far_lock);
	mutex_lock(&map_lock);
	mutex_lock(&far_lock);
	number++;
	mutex_unlock(&far_lock);
	mutex_unlock(&map_lock);
	return left ? -EFAULT : 0;
}

static long in_order(struct mutex *first, struct mutex *second)
{
	mutex_lock(first);
	mutex_lock(second);
	number++;
	mutex_unlock(second);
	mutex_unlock(first);
	return 0;
}

static long both_parts(bool is_nested)
{
	mutex_lock(&parts[0]->lock);
	if (is_nested)
		mutex_lock_nested(&parts[1]->lock, SINGLE_DEPTH_NESTING);
	else
		mutex_lock(&parts[1]->lock);
	parts[0]->value += parts[1]->value;
	mutex_unlock(&parts[1]->lock);
	mutex_unlock(&parts[0]->lock);
	return parts[0]->value;
}

static long allocate_under_spinlock(gfp_t gfp)
{
	void *memory;

	spin_lock(&short_lock);
	memory = kmalloc(64, gfp);
	spin_unlock(&short_lock);
	kfree(memory);
	return memory ? 0 : -ENOMEM;
}

static long mutex_under_spinlock(void)
{
	spin_lock(&short_lock);
	mutex_lock(&far_lock);
	number++;
	mutex_unlock(&far_lock);
	spin_unlock(&short_lock);
	return 0;
}

static long free_locked_part(void)
{
	struct part *part = make_part(7);

	if (!part)
		return -ENOMEM;
	mutex_lock(&part->lock);
	kfree(part);
	return 0;
}

static long self_checked_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case 0x101:
		return copy_under_map_lock(arg);
	case 0x102:
		return copy_under_fault_sem(arg);
	case 0x103:
		return copy_under_far_lock(arg);
	case 0x104:
		return arg ? in_order(&map_lock, &far_lock) : in_order(&far_lock, &map_lock);
	case 0x105:
		return both_parts(arg);
	case 0x106:
		mutex_lock(&far_lock);
		return 0;
	case 0x107:
		mutex_unlock(&far_lock);
		return 0;
	case 0x108:
		return allocate_under_spinlock(arg ? GFP_ATOMIC : GFP_KERNEL);
	case 0x109:
		return mutex_under_spinlock();
	case 0x10a:
		return free_locked_part();
	case 0x10b:
		SetPageReserved(block + arg);
		ClearPageReserved(block + arg);
		return 0;
	case 0x10c:
		lock_page(block + arg);
		unlock_page(block + arg);
		return 0;
	default:
		return -ENOTTY;
	}
}

static const struct file_operations self_checked_fops = {
	.owner = THIS_MODULE,
	.mmap = self_checked_mmap,
	.unlocked_ioctl = self_checked_ioctl,
};

static struct miscdevice self_checked_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "self-checked",
	.fops = &self_checked_fops,
};

static void free_all(void)
{
	kfree(parts[0]);
	kfree(parts[1]);
	if (block)
		__free_pages(block, 2);
}

static int __init self_checked_init(void)
{
	int error = -ENOMEM;

	parts[0] = make_part(1);
	parts[1] = make_part(2);
	block = alloc_pages(GFP_KERNEL | __GFP_ZERO | __GFP_COMP, 2);
	if (parts[0] && parts[1] && block)
		error = misc_register(&self_checked_device);
	if (error)
		free_all();
	return error;
}

static void __exit self_checked_exit(void)
{
	misc_deregister(&self_checked_device);
	free_all();
}

module_init(self_checked_init);
module_exit(self_checked_exit);
MODULE_LICENSE("GPL");
