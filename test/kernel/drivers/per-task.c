// SPDX-License-Identifier: MIT
/* A page for each process that maps: found by tgid in a hash; the offset chooses one's own page (0) or the common board (1). */
#include <linux/fs.h>
#include <linux/hashtable.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "compat.h"

static unsigned int count_mmap, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

struct task_page {
	struct hlist_node node;
	pid_t tgid;
	int users;
	struct page *page;
};

static DEFINE_HASHTABLE(task_pages, 4);
static DEFINE_SPINLOCK(pages_lock);
static struct page *board;
static unsigned int serial;

static struct task_page *task_find(pid_t tgid)
{
	struct task_page *tp;

	hash_for_each_possible(task_pages, tp, node, tgid)
		if (tp->tgid == tgid)
			return tp;
	return NULL;
}

static struct task_page *task_get(void)
{
	pid_t tgid = task_tgid_nr(current);
	struct task_page *tp, *fresh;

	spin_lock(&pages_lock);
	tp = task_find(tgid);
	if (tp)
		tp->users++;
	spin_unlock(&pages_lock);
	if (tp)
		return tp;
	fresh = kzalloc(sizeof(*fresh), GFP_KERNEL);
	if (!fresh)
		return NULL;
	fresh->page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!fresh->page) {
		kfree(fresh);
		return NULL;
	}
	fresh->tgid = tgid;
	fresh->users = 1;
	*(u32 *)page_address(fresh->page) = ++serial;
	spin_lock(&pages_lock);
	hash_add(task_pages, &fresh->node, tgid);
	spin_unlock(&pages_lock);
	return fresh;
}

static void task_put(struct task_page *tp)
{
	bool last;

	spin_lock(&pages_lock);
	last = --tp->users == 0;
	if (last)
		hash_del(&tp->node);
	spin_unlock(&pages_lock);
	if (last) {
		__free_page(tp->page);
		kfree(tp);
	}
}

static void task_vm_open(struct vm_area_struct *vma)
{
	struct task_page *tp = vma->vm_private_data;

	count_open++;
	if (tp) {
		spin_lock(&pages_lock);
		tp->users++;
		spin_unlock(&pages_lock);
	}
}

static void task_vm_close(struct vm_area_struct *vma)
{
	count_close++;
	if (vma->vm_private_data)
		task_put(vma->vm_private_data);
}

static const struct vm_operations_struct task_vm_ops = {
	.open = task_vm_open,
	.close = task_vm_close,
};

static int task_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct task_page *tp = NULL;
	int err;

	count_mmap++;
	if (vma_pages(vma) != 1)
		return -EINVAL;
	switch (vma->vm_pgoff) {
	case 0:
		tp = task_get();
		if (!tp)
			return -ENOMEM;
		err = vm_insert_page(vma, vma->vm_start, tp->page);
		break;
	case 1:
		err = vm_insert_page(vma, vma->vm_start, board);
		break;
	default:
		return -ENXIO;
	}
	if (err) {
		if (tp)
			task_put(tp);
		return err;
	}
	vm_flags_set(vma, VM_DONTEXPAND);
	vma->vm_private_data = tp;
	vma->vm_ops = &task_vm_ops;
	return 0;
}

static long task_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct task_page *tp;
	long n = 0;
	int bkt;

	switch (cmd) {
	case 0x101:
		spin_lock(&pages_lock);
		hash_for_each(task_pages, bkt, tp, node)
			n += 10 + tp->users;
		spin_unlock(&pages_lock);
		return n;
	case 0x102:
		spin_lock(&pages_lock);
		tp = task_find(current->tgid);
		if (tp)
			n = *(u32 *)page_address(tp->page);
		spin_unlock(&pages_lock);
		return tp ? n : -ESRCH;
	case 0x103:
		return hash_empty(task_pages);
	case 0x104:
		return current->pid == current->tgid;
	}
	return -ENOTTY;
}

static const struct file_operations task_fops = {
	.owner = THIS_MODULE,
	.mmap = task_mmap,
	.unlocked_ioctl = task_ioctl,
};

static struct miscdevice task_misc = { .minor = MISC_DYNAMIC_MINOR, .name = "per-task", .fops = &task_fops };

static int __init task_init(void)
{
	int err;

	board = alloc_page(GFP_USER | __GFP_ZERO);
	if (!board)
		return -ENOMEM;
	err = misc_register(&task_misc);
	if (err)
		__free_page(board);
	return err;
}

static void __exit task_exit(void)
{
	misc_deregister(&task_misc);
	__free_page(board);
}
module_init(task_init);
module_exit(task_exit);
MODULE_LICENSE("GPL");
