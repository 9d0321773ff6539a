// SPDX-License-Identifier: MIT
/* Exclusive use by a bit, references by refcount_t, attributes in sysfs and files in debugfs beside it; one mapping at a time, of the owner alone. */
#include <linux/bitops.h>
#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/refcount.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "compat.h"

static unsigned int count_mmap, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

enum { FLAG_OPEN, FLAG_MAPPED, FLAG_DIRTY, FLAG_DEAD };

struct owner_dev {
	unsigned long flags;
	refcount_t refs;
	void *page;
	u32 opened;
	struct dentry *dir;
};

static struct owner_dev *od;

static ssize_t opened_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", od->opened);
}
static DEVICE_ATTR_RO(opened);

static struct attribute *owner_attrs[] = {
	&dev_attr_opened.attr,
	NULL,
};
ATTRIBUTE_GROUPS(owner);

static int status_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%lx %u\n", od->flags, refcount_read(&od->refs));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(status);

static void owner_put(struct owner_dev *d)
{
	if (refcount_dec_and_test(&d->refs))
		set_bit(FLAG_DEAD, &d->flags);
}

static int owner_open(struct inode *inode, struct file *file)
{
	if (test_and_set_bit(FLAG_OPEN, &od->flags))
		return -EBUSY;
	if (!refcount_inc_not_zero(&od->refs)) {
		clear_bit(FLAG_OPEN, &od->flags);
		return -ENODEV;
	}
	od->opened++;
	file->private_data = od;
	return 0;
}

static int owner_release(struct inode *inode, struct file *file)
{
	struct owner_dev *d = file->private_data;

	clear_bit_unlock(FLAG_OPEN, &d->flags);
	owner_put(d);
	return 0;
}

static void owner_vm_open(struct vm_area_struct *vma)
{
	struct owner_dev *d = vma->vm_private_data;

	count_open++;
	refcount_inc(&d->refs);
}

static void owner_vm_close(struct vm_area_struct *vma)
{
	struct owner_dev *d = vma->vm_private_data;

	count_close++;
	owner_put(d);
	if (refcount_read(&d->refs) <= 2)
		clear_bit(FLAG_MAPPED, &d->flags);
}

static const struct vm_operations_struct owner_vm_ops = {
	.open = owner_vm_open,
	.close = owner_vm_close,
};

static int owner_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct owner_dev *d = file->private_data;
	int err;

	count_mmap++;
	if (vma->vm_end - vma->vm_start != PAGE_SIZE || vma->vm_pgoff)
		return -EINVAL;
	if (test_and_set_bit(FLAG_MAPPED, &d->flags))
		return -EBUSY;
	err = vm_insert_page(vma, vma->vm_start, virt_to_page(d->page));
	if (err) {
		clear_bit(FLAG_MAPPED, &d->flags);
		return err;
	}
	vma->vm_private_data = d;
	vma->vm_ops = &owner_vm_ops;
	owner_vm_open(vma);
	return 0;
}

static long owner_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct owner_dev *d = file->private_data;

	switch (cmd) {
	case 0x101:
		return d->flags;
	case 0x102:
		return refcount_read(&d->refs);
	case 0x103:
		owner_put(d);
		return refcount_read(&d->refs);
	case 0x104:
		refcount_inc(&d->refs);
		return refcount_read(&d->refs);
	case 0x105:
		change_bit(FLAG_DIRTY, &d->flags);
		return test_bit(FLAG_DIRTY, &d->flags);
	case 0x106:
		return hweight_long(d->flags) * 10 + fls(d->flags);
	}
	return -ENOTTY;
}

static const struct file_operations owner_fops = {
	.owner = THIS_MODULE,
	.open = owner_open,
	.release = owner_release,
	.mmap = owner_mmap,
	.unlocked_ioctl = owner_ioctl,
};

static struct miscdevice owner_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "one-owner",
	.fops = &owner_fops,
	.groups = owner_groups,
	.mode = 0600,
};

static int __init owner_init(void)
{
	int err;

	od = kzalloc(sizeof(*od), GFP_KERNEL);
	if (!od)
		return -ENOMEM;
	od->page = (void *)__get_free_page(GFP_KERNEL | __GFP_ZERO);
	if (!od->page) {
		kfree(od);
		return -ENOMEM;
	}
	refcount_set(&od->refs, 1);
	err = misc_register(&owner_misc);
	if (err) {
		free_page((unsigned long)od->page);
		kfree(od);
		return err;
	}
	od->dir = debugfs_create_dir("one-owner", NULL);
	debugfs_create_u32("opened", 0444, od->dir, &od->opened);
	debugfs_create_file("status", 0444, od->dir, NULL, &status_fops);
	return 0;
}

static void __exit owner_exit(void)
{
	debugfs_remove_recursive(od->dir);
	misc_deregister(&owner_misc);
	free_page((unsigned long)od->page);
	kfree(od);
}
module_init(owner_init);
module_exit(owner_exit);
MODULE_LICENSE("GPL");
