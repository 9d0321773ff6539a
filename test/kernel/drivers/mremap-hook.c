// SPDX-License-Identifier: MIT
/* Tracks where its mappings are: open, close, mremap, may_split and mprotect keep a list of ranges; some of them refuse on demand. */
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

static unsigned int count_mmap, count_fault, count_open, count_close, count_mremap, count_may_split, count_mprotect;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);
module_param(count_mremap, uint, 0444);
module_param(count_may_split, uint, 0444);
module_param(count_mprotect, uint, 0444);

struct track {
	struct list_head list;
	struct vm_area_struct *vma;
	unsigned long start;
};

static LIST_HEAD(tracks);
static DEFINE_MUTEX(tracks_lock);
static struct page *page;
static bool no_move, no_split, no_exec = true;
static unsigned long moved_by;

static void track_add(struct vm_area_struct *vma)
{
	struct track *t = kmalloc(sizeof(*t), GFP_KERNEL);

	if (!t)
		return;
	t->vma = vma;
	t->start = vma->vm_start;
	mutex_lock(&tracks_lock);
	list_add(&t->list, &tracks);
	mutex_unlock(&tracks_lock);
}

static void hook_open(struct vm_area_struct *vma)
{
	count_open++;
	track_add(vma);
}

static void hook_close(struct vm_area_struct *vma)
{
	struct track *t, *n;

	count_close++;
	mutex_lock(&tracks_lock);
	list_for_each_entry_safe(t, n, &tracks, list) {
		if (t->vma != vma)
			continue;
		list_del(&t->list);
		kfree(t);
		break;
	}
	mutex_unlock(&tracks_lock);
}

static int hook_mremap(struct vm_area_struct *vma)
{
	struct track *t;

	count_mremap++;
	if (no_move)
		return -EPERM;
	mutex_lock(&tracks_lock);
	list_for_each_entry(t, &tracks, list) {
		if (t->vma == vma) {
			moved_by = vma->vm_start > t->start ? vma->vm_start - t->start : t->start - vma->vm_start;
			t->start = vma->vm_start;
		}
	}
	mutex_unlock(&tracks_lock);
	return 0;
}

static int hook_may_split(struct vm_area_struct *vma, unsigned long addr)
{
	count_may_split++;
	if (no_split)
		return -EBUSY;
	return (addr - vma->vm_start) & PAGE_SIZE ? -EINVAL : 0;
}

static int hook_mprotect(struct vm_area_struct *vma, unsigned long start, unsigned long end, unsigned long newflags)
{
	count_mprotect++;
	if (no_exec && (newflags & VM_EXEC))
		return -EPERM;
	return 0;
}

static vm_fault_t hook_fault(struct vm_fault *vmf)
{
	count_fault++;
	get_page(page);
	vmf->page = page;
	return 0;
}

static const struct vm_operations_struct hook_ops = {
	.open = hook_open,
	.close = hook_close,
	.mremap = hook_mremap,
	.may_split = hook_may_split,
	.mprotect = hook_mprotect,
	.fault = hook_fault,
};

static int hook_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_ops = &hook_ops;
	track_add(vma);
	return 0;
}

static long hook_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct list_head *pos;
	long n = 0;

	switch (cmd) {
	case 0x101:
		no_move = arg;
		return 0;
	case 0x102:
		no_split = arg;
		return 0;
	case 0x103:
		no_exec = arg;
		return 0;
	case 0x104:
		mutex_lock(&tracks_lock);
		list_for_each(pos, &tracks)
			n++;
		mutex_unlock(&tracks_lock);
		return n;
	case 0x105:
		return moved_by >> PAGE_SHIFT;
	}
	return -ENOTTY;
}

static const struct file_operations hook_fops = {
	.owner = THIS_MODULE,
	.mmap = hook_mmap,
	.unlocked_ioctl = hook_ioctl,
};

static struct miscdevice hook_misc = { .minor = MISC_DYNAMIC_MINOR, .name = "mremap-hook", .fops = &hook_fops };

static int __init hook_init(void)
{
	int err;

	page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!page)
		return -ENOMEM;
	err = misc_register(&hook_misc);
	if (err)
		__free_page(page);
	return err;
}

static void __exit hook_exit(void)
{
	misc_deregister(&hook_misc);
	WARN_ON(!list_empty(&tracks));
	__free_page(page);
}
module_init(hook_init);
module_exit(hook_exit);
MODULE_LICENSE("GPL");
