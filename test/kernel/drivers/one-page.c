// SPDX-License-Identifier: MIT
/* One kmalloc'ed and reserved page for all, embedded in a state around the misc device; busy while it is mapped. */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

static unsigned int count_mmap, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

struct one_page {
	struct miscdevice misc;
	char *buffer;
	atomic_t mappings;
	unsigned long opens;
	bool locked;
};

static inline struct one_page *to_one_page(struct file *file)
{
	return container_of(file->private_data, struct one_page, misc);
}

static int one_page_open(struct inode *inode, struct file *file)
{
	struct one_page *op = to_one_page(file);

	if (op->locked && (file->f_mode & FMODE_WRITE))
		return -EPERM;
	if ((file->f_flags & O_EXCL) && op->opens)
		return -EBUSY;
	op->opens++;
	return 0;
}

static int one_page_release(struct inode *inode, struct file *file)
{
	to_one_page(file)->opens--;
	return 0;
}

static void one_page_vm_open(struct vm_area_struct *vma)
{
	struct one_page *op = vma->vm_private_data;

	count_open++;
	atomic_inc(&op->mappings);
}

static void one_page_vm_close(struct vm_area_struct *vma)
{
	struct one_page *op = vma->vm_private_data;

	count_close++;
	atomic_dec(&op->mappings);
}

static const struct vm_operations_struct one_page_vm_ops = {
	.open = one_page_vm_open,
	.close = one_page_vm_close,
#ifdef CONFIG_HAVE_IOREMAP_PROT
	.access = generic_access_phys,
#endif
};

static int one_page_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct one_page *op = to_one_page(file);
	unsigned long length = vma->vm_end - vma->vm_start;
	unsigned long pfn = virt_to_phys(op->buffer) >> PAGE_SHIFT;

	count_mmap++;
	if (length > PAGE_SIZE)
		return -EINVAL;
	vma->vm_ops = &one_page_vm_ops;
	vma->vm_private_data = op;
	if (remap_pfn_range(vma, vma->vm_start, pfn + vma->vm_pgoff, length, vma->vm_page_prot))
		return -EAGAIN;
	one_page_vm_open(vma);
	return 0;
}

static long one_page_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct one_page *op = to_one_page(file);
	int value;

	switch (cmd) {
	case 0x101:
		if (atomic_read(&op->mappings))
			return -EBUSY;
		memset(op->buffer, 0, PAGE_SIZE);
		return 0;
	case 0x102:
		if (copy_from_user(&value, (int __user *)arg, sizeof(value)))
			return -EFAULT;
		op->locked = value != 0;
		return 0;
	case 0x103:
		return op->opens * 100 + atomic_read(&op->mappings);
	case 0x104:
		snprintf(op->buffer, 64, "opens %lu maps %d", op->opens, atomic_read(&op->mappings));
		return strlen(op->buffer);
	default:
		return -ENOTTY;
	}
}

static const struct file_operations one_page_fops = {
	.owner = THIS_MODULE,
	.open = one_page_open,
	.release = one_page_release,
	.mmap = one_page_mmap,
	.unlocked_ioctl = one_page_ioctl,
};

static struct one_page the_page = {
	.misc = {
		.minor = MISC_DYNAMIC_MINOR,
		.name = "one-page",
		.fops = &one_page_fops,
	},
	.mappings = ATOMIC_INIT(0),
};

static int __init one_page_init(void)
{
	int err;

	the_page.buffer = kmalloc(PAGE_SIZE, GFP_KERNEL);
	if (!the_page.buffer)
		return -ENOMEM;
	memset(the_page.buffer, 0, PAGE_SIZE);
	strcpy(the_page.buffer, "hello from the kernel");
	SetPageReserved(virt_to_page(the_page.buffer));
	err = misc_register(&the_page.misc);
	if (err) {
		ClearPageReserved(virt_to_page(the_page.buffer));
		kfree(the_page.buffer);
	}
	return err;
}

static void __exit one_page_exit(void)
{
	misc_deregister(&the_page.misc);
	ClearPageReserved(virt_to_page(the_page.buffer));
	kfree(the_page.buffer);
}

module_init(one_page_init);
module_exit(one_page_exit);
MODULE_LICENSE("GPL");
