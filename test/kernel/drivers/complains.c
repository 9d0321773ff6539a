// SPDX-License-Identifier: MIT
/* A driver that checks itself: it warns, and stops where it must not be. ioctl 0x101 sets what the callbacks find wrong. */
#include <linux/bug.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"

static unsigned int count_mmap, count_fault, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

enum { WRONG_NOTHING, WRONG_WARN, WRONG_ONCE, WRONG_BUG, WRONG_NULL, WRONG_COUNT };

static unsigned long complains_about;
static struct page *complains_pages[2];
static int complains_users;

static noinline int complains_look(void)
{
	int *nothing = NULL;

	switch (complains_about) {
	case WRONG_WARN:
		WARN_ON(complains_users > 0);
		break;
	case WRONG_ONCE:
		if (WARN_ON_ONCE(complains_users > 1))
			return -EMFILE;
		break;
	case WRONG_BUG:
		BUG_ON(complains_users > 1);
		break;
	case WRONG_NULL:
		return READ_ONCE(*nothing);
	case WRONG_COUNT:
		if (WARN(page_count(complains_pages[0]) != 1, "complains: %d references\n", page_count(complains_pages[0])))
			return -EBUSY;
		break;
	}
	return 0;
}

static void complains_open(struct vm_area_struct *vma)
{
	count_open++;
	complains_users++;
	complains_look();
}

static void complains_close(struct vm_area_struct *vma)
{
	count_close++;
	WARN_ON(--complains_users < 0);
}

static vm_fault_t complains_fault(struct vm_fault *vmf)
{
	count_fault++;
	if (complains_look())
		return VM_FAULT_SIGBUS;
	if (WARN_ON_ONCE(vmf->pgoff >= ARRAY_SIZE(complains_pages)))
		return VM_FAULT_SIGBUS;
	get_page(complains_pages[vmf->pgoff]);
	vmf->page = complains_pages[vmf->pgoff];
	return 0;
}

static const struct vm_operations_struct complains_vm_ops = {
	.open = complains_open,
	.close = complains_close,
	.fault = complains_fault,
};

static int complains_mmap(struct file *file, struct vm_area_struct *vma)
{
	int err;

	count_mmap++;
	err = complains_look();
	if (err)
		return err;
	vma->vm_ops = &complains_vm_ops;
	complains_users++;
	return 0;
}

static long complains_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case 0x101:
		complains_about = arg;
		return 0;
	case 0x102:
		return complains_look();
	case 0x103:
		if (WARN_ON(arg > 2))
			return -ERANGE;
		return complains_users;
	}
	return -ENOTTY;
}

static const struct file_operations complains_fops = {
	.owner = THIS_MODULE,
	.mmap = complains_mmap,
	.unlocked_ioctl = complains_ioctl,
};

static struct miscdevice complains_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "complains",
	.fops = &complains_fops,
};

static int __init complains_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(complains_pages); i++) {
		complains_pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!complains_pages[i])
			goto fail;
	}
	return misc_register(&complains_device);
fail:
	while (i--)
		__free_page(complains_pages[i]);
	return -ENOMEM;
}
module_init(complains_init);

static void __exit complains_exit(void)
{
	misc_deregister(&complains_device);
	__free_page(complains_pages[0]);
	__free_page(complains_pages[1]);
}
module_exit(complains_exit);

MODULE_DESCRIPTION("A driver that checks itself");
MODULE_LICENSE("GPL");
