// SPDX-License-Identifier: MIT
/* Pages with a life of their own: a counted object behind private_data, freed by the last of file and vmas through call_rcu or a work item; zap on detach. */
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "compat.h"

static unsigned int count_mmap, count_fault, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

struct thing {
	struct kref kref;
	struct rcu_head rcu;
	struct work_struct free_work;
	struct page *pages[3];
	bool detached;
	bool by_work;
};

static struct workqueue_struct *thing_wq;
static unsigned int living, freed_by_rcu, freed_by_work;

static void thing_destroy(struct thing *t)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(t->pages); i++)
		put_page(t->pages[i]);
	kfree(t);
	living--;
}

static void thing_free_rcu(struct rcu_head *head)
{
	freed_by_rcu++;
	thing_destroy(container_of(head, struct thing, rcu));
}

static void thing_free_work(struct work_struct *work)
{
	freed_by_work++;
	thing_destroy(container_of(work, struct thing, free_work));
}

static void thing_release(struct kref *kref)
{
	struct thing *t = container_of(kref, struct thing, kref);

	if (t->by_work)
		queue_work(thing_wq, &t->free_work);
	else
		call_rcu(&t->rcu, thing_free_rcu);
}

static int thing_open(struct inode *inode, struct file *file)
{
	struct thing *t;
	int i;

	t = kzalloc(sizeof(*t), GFP_KERNEL);
	if (!t)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(t->pages); i++) {
		t->pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!t->pages[i])
			goto fail;
		memset(page_address(t->pages[i]), 'a' + i, 16);
	}
	kref_init(&t->kref);
	INIT_WORK(&t->free_work, thing_free_work);
	file->private_data = t;
	living++;
	return 0;
fail:
	while (i--)
		__free_page(t->pages[i]);
	kfree(t);
	return -ENOMEM;
}

static int thing_close(struct inode *inode, struct file *file)
{
	struct thing *t = file->private_data;

	kref_put(&t->kref, thing_release);
	return 0;
}

static void thing_vm_open(struct vm_area_struct *vma)
{
	struct thing *t = vma->vm_private_data;

	count_open++;
	kref_get(&t->kref);
}

static void thing_vm_close(struct vm_area_struct *vma)
{
	struct thing *t = vma->vm_private_data;

	count_close++;
	kref_put(&t->kref, thing_release);
}

static vm_fault_t thing_fault(struct vm_fault *vmf)
{
	struct thing *t = vmf->vma->vm_private_data;

	count_fault++;
	if (t->detached || vmf->pgoff >= ARRAY_SIZE(t->pages))
		return VM_FAULT_SIGBUS;
	switch (vm_insert_page(vmf->vma, vmf->address, t->pages[vmf->pgoff])) {
	case 0:
	case -EBUSY:
		return VM_FAULT_NOPAGE;
	case -ENOMEM:
		return VM_FAULT_OOM;
	default:
		return VM_FAULT_SIGBUS;
	}
}

static const struct vm_operations_struct thing_vm_ops = {
	.open = thing_vm_open,
	.close = thing_vm_close,
	.fault = thing_fault,
};

static int thing_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct thing *t = file->private_data;

	count_mmap++;
	if (t->detached)
		return -ENODEV;
	vm_flags_set(vma, VM_MIXEDMAP);
	vma->vm_private_data = t;
	vma->vm_ops = &thing_vm_ops;
	thing_vm_open(vma);
	return 0;
}

static long thing_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct thing *t = file->private_data;

	switch (cmd) {
	case 0x101:
		t->detached = true;
		unmap_mapping_range(file->f_mapping, 0, 0, 1);
		return 0;
	case 0x102:
		t->by_work = arg;
		return 0;
	case 0x103:
		rcu_barrier();
		flush_workqueue(thing_wq);
		return living * 100 + freed_by_rcu * 10 + freed_by_work;
	case 0x104:
		return kref_read(&t->kref);
	}
	return -ENOTTY;
}

static const struct file_operations thing_fops = {
	.owner = THIS_MODULE,
	.open = thing_open,
	.release = thing_close,
	.mmap = thing_mmap,
	.unlocked_ioctl = thing_ioctl,
};

static struct miscdevice thing_misc = { .minor = MISC_DYNAMIC_MINOR, .name = "late-free", .fops = &thing_fops };

static int __init thing_init(void)
{
	int err;

	thing_wq = alloc_ordered_workqueue("late-free", 0);
	if (!thing_wq)
		return -ENOMEM;
	err = misc_register(&thing_misc);
	if (err)
		destroy_workqueue(thing_wq);
	return err;
}

static void __exit thing_exit(void)
{
	misc_deregister(&thing_misc);
	rcu_barrier();
	destroy_workqueue(thing_wq);
	WARN_ON(living);
}
module_init(thing_init);
module_exit(thing_exit);
MODULE_LICENSE("GPL");
