// SPDX-License-Identifier: MIT
/* register_chrdev with a class: each file gets a buffer of the size that it asks for; shrinker-like accounting, a list of all, sparse pages in a tree of pointers. */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/radix-tree.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/version.h>

#include "compat.h"

static unsigned int count_mmap, count_fault, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

struct sparse {
	struct list_head all;
	struct radix_tree_root tree;
	struct mutex lock;
	unsigned long limit;
	unsigned long charged;
	int users;
};

static int major;
static struct class *sparse_class;
static LIST_HEAD(sparse_all);
static DEFINE_SPINLOCK(sparse_lock);
static atomic_long_t total_pages = ATOMIC_LONG_INIT(0);

static struct page *sparse_page(struct sparse *s, unsigned long index, bool create)
{
	struct page *page = radix_tree_lookup(&s->tree, index);
	int err;

	if (page || !create)
		return page;
	if (s->charged >= s->limit)
		return ERR_PTR(-EDQUOT);
	page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!page)
		return ERR_PTR(-ENOMEM);
	err = radix_tree_insert(&s->tree, index, page);
	if (err) {
		__free_page(page);
		return ERR_PTR(err);
	}
	s->charged++;
	atomic_long_inc(&total_pages);
	return page;
}

static ssize_t sparse_rw(struct sparse *s, char __user *buf, size_t count, loff_t *pos, bool write)
{
	size_t done = 0;

	while (done < count) {
		unsigned long index = *pos >> PAGE_SHIFT;
		unsigned long off = *pos & ~PAGE_MASK;
		size_t n = min_t(size_t, PAGE_SIZE - off, count - done);
		struct page *page = sparse_page(s, index, write);
		unsigned long left;

		if (IS_ERR(page))
			return done ?: PTR_ERR(page);
		if (write)
			left = copy_from_user(page_address(page) + off, buf + done, n);
		else if (page)
			left = copy_to_user(buf + done, page_address(page) + off, n);
		else
			left = clear_user(buf + done, n);
		if (left)
			return done ?: -EFAULT;
		done += n;
		*pos += n;
	}
	return done;
}

static ssize_t sparse_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct sparse *s = file->private_data;
	ssize_t ret;

	mutex_lock(&s->lock);
	ret = sparse_rw(s, buf, count, pos, false);
	mutex_unlock(&s->lock);
	return ret;
}

static ssize_t sparse_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	struct sparse *s = file->private_data;
	ssize_t ret;

	mutex_lock(&s->lock);
	ret = sparse_rw(s, (char __user *)buf, count, pos, true);
	mutex_unlock(&s->lock);
	return ret;
}

static vm_fault_t sparse_fault(struct vm_fault *vmf)
{
	struct sparse *s = vmf->vma->vm_private_data;
	vm_fault_t ret = 0;
	struct page *page;

	count_fault++;
	mutex_lock(&s->lock);
	page = sparse_page(s, vmf->pgoff, true);
	if (IS_ERR(page)) {
		ret = PTR_ERR(page) == -ENOMEM ? VM_FAULT_OOM : VM_FAULT_SIGBUS;
	} else {
		get_page(page);
		vmf->page = page;
	}
	mutex_unlock(&s->lock);
	return ret;
}

static void sparse_vm_open(struct vm_area_struct *vma)
{
	struct sparse *s = vma->vm_private_data;

	count_open++;
	s->users++;
}

static void sparse_vm_close(struct vm_area_struct *vma)
{
	struct sparse *s = vma->vm_private_data;

	count_close++;
	s->users--;
}

static const struct vm_operations_struct sparse_vm_ops = {
	.open = sparse_vm_open,
	.close = sparse_vm_close,
	.fault = sparse_fault,
};

static int sparse_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_private_data = file->private_data;
	vma->vm_ops = &sparse_vm_ops;
	sparse_vm_open(vma);
	return 0;
}

static void sparse_trim(struct sparse *s, unsigned long from)
{
	unsigned long i;

	for (i = from; i < 64; i++) {
		struct page *page = radix_tree_delete(&s->tree, i);

		if (!page)
			continue;
		put_page(page);
		s->charged--;
		atomic_long_dec(&total_pages);
	}
}

static long sparse_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct sparse *s = file->private_data, *each;
	long ret = 0;

	switch (cmd) {
	case 0x101:
		s->limit = arg;
		return 0;
	case 0x102:
		return s->charged * 100 + s->users;
	case 0x103:
		mutex_lock(&s->lock);
		unmap_mapping_range(file->f_mapping, (loff_t)arg << PAGE_SHIFT, 0, 1);
		sparse_trim(s, arg);
		mutex_unlock(&s->lock);
		return 0;
	case 0x104:
		spin_lock(&sparse_lock);
		list_for_each_entry_reverse(each, &sparse_all, all)
			ret = ret * 10 + each->charged;
		spin_unlock(&sparse_lock);
		return ret;
	case 0x105:
		return atomic_long_read(&total_pages);
	}
	return -ENOIOCTLCMD;
}

static int sparse_open(struct inode *inode, struct file *file)
{
	struct sparse *s;

	if (iminor(inode) != 0)
		return -ENODEV;
	s = kzalloc(sizeof(*s), GFP_KERNEL);
	if (!s)
		return -ENOMEM;
	INIT_RADIX_TREE(&s->tree, GFP_KERNEL);
	mutex_init(&s->lock);
	s->limit = 4;
	spin_lock(&sparse_lock);
	list_add(&s->all, &sparse_all);
	spin_unlock(&sparse_lock);
	file->private_data = s;
	return 0;
}

static int sparse_release(struct inode *inode, struct file *file)
{
	struct sparse *s = file->private_data;

	spin_lock(&sparse_lock);
	list_del(&s->all);
	spin_unlock(&sparse_lock);
	sparse_trim(s, 0);
	kfree(s);
	return 0;
}

static const struct file_operations sparse_fops = {
	.owner = THIS_MODULE,
	.open = sparse_open,
	.release = sparse_release,
	.read = sparse_read,
	.write = sparse_write,
	.mmap = sparse_mmap,
	.unlocked_ioctl = sparse_ioctl,
	.llseek = generic_file_llseek,
};

static int __init minors_init(void)
{
	struct device *dev;

	major = register_chrdev(0, "many-minors", &sparse_fops);
	if (major < 0)
		return major;
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
	sparse_class = class_create(THIS_MODULE, "many-minors");
#else
	sparse_class = class_create("many-minors");
#endif
	if (IS_ERR(sparse_class)) {
		unregister_chrdev(major, "many-minors");
		return PTR_ERR(sparse_class);
	}
	dev = device_create(sparse_class, NULL, MKDEV(major, 0), NULL, "many-minors");
	if (IS_ERR(dev)) {
		class_destroy(sparse_class);
		unregister_chrdev(major, "many-minors");
		return PTR_ERR(dev);
	}
	return 0;
}

static void __exit minors_exit(void)
{
	device_destroy(sparse_class, MKDEV(major, 0));
	class_destroy(sparse_class);
	unregister_chrdev(major, "many-minors");
}
module_init(minors_init);
module_exit(minors_exit);
MODULE_LICENSE("GPL");
