// SPDX-License-Identifier: MIT
/*
 * Knows whose mapping is whose: each vma has a record with the mm and the process that made it, in a list; a forked child gets a record of its own; faults of another mm than
 * the owner's are refused unless ioctl 0x102 allows them. 0x101 tells how many records there are, 0x103 how many belong to the caller.
 */
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "compat.h"

static unsigned int count_mmap, count_fault, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

struct owner {
	struct list_head node;
	struct mm_struct *mm;
	pid_t pid;
	unsigned long faults;
};

static LIST_HEAD(owners);
static DEFINE_SPINLOCK(owners_lock);
static struct page *owners_page;
static bool owners_open_to_all;

static struct owner *owner_new(struct mm_struct *mm)
{
	struct owner *owner = kzalloc(sizeof(*owner), GFP_KERNEL);

	if (!owner)
		return NULL;
	mmgrab(mm);
	owner->mm = mm;
	owner->pid = task_tgid_nr(current);
	spin_lock(&owners_lock);
	list_add(&owner->node, &owners);
	spin_unlock(&owners_lock);
	return owner;
}

static void owners_open(struct vm_area_struct *vma)
{
	count_open++;
	vma->vm_private_data = owner_new(vma->vm_mm);
}

static void owners_close(struct vm_area_struct *vma)
{
	struct owner *owner = vma->vm_private_data;

	count_close++;
	if (!owner)
		return;
	spin_lock(&owners_lock);
	list_del(&owner->node);
	spin_unlock(&owners_lock);
	mmdrop(owner->mm);
	kfree(owner);
}

static vm_fault_t owners_fault(struct vm_fault *vmf)
{
	struct owner *owner = vmf->vma->vm_private_data;

	count_fault++;
	if (!owner)
		return VM_FAULT_OOM;
	if (owner->pid != task_tgid_nr(current) && !owners_open_to_all)
		return VM_FAULT_SIGBUS;
	if (++owner->faults > 2)
		return VM_FAULT_SIGSEGV;
	vmf->page = owners_page;
	get_page(owners_page);
	return 0;
}

static const struct vm_operations_struct owners_vm_ops = {
	.open = owners_open,
	.close = owners_close,
	.fault = owners_fault,
};

static int owners_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct owner *owner = owner_new(current->mm);

	count_mmap++;
	if (!owner)
		return -ENOMEM;
	vma->vm_private_data = owner;
	vma->vm_ops = &owners_vm_ops;
	vm_flags_set(vma, VM_DONTDUMP);
	return 0;
}

static long owners_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct owner *owner;
	long count = 0;

	switch (cmd) {
	case 0x101:
	case 0x103:
		spin_lock(&owners_lock);
		list_for_each_entry(owner, &owners, node)
			if (cmd == 0x101 || owner->mm == current->mm)
				count++;
		spin_unlock(&owners_lock);
		return count;
	case 0x102:
		owners_open_to_all = !!arg;
		return 0;
	}
	return -ENOTTY;
}

static const struct file_operations owners_fops = {
	.owner = THIS_MODULE,
	.mmap = owners_mmap,
	.unlocked_ioctl = owners_ioctl,
};

static struct miscdevice owners_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "owners",
	.fops = &owners_fops,
};

static int __init owners_init(void)
{
	owners_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!owners_page)
		return -ENOMEM;
	return misc_register(&owners_device);
}
module_init(owners_init);

static void __exit owners_exit(void)
{
	misc_deregister(&owners_device);
	put_page(owners_page);
}
module_exit(owners_exit);

MODULE_DESCRIPTION("Knows whose mapping is whose");
MODULE_LICENSE("GPL");
