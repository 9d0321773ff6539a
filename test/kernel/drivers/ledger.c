// SPDX-License-Identifier: MIT
/* A log that write(2) appends to and programs may map, but only for reading; pages that nobody has written to are not there. */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/uaccess.h>
#include <linux/version.h>

#include "compat.h"

#define LEDGER_PAGES 6

static unsigned int count_mmap, count_fault, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

struct ledger {
	struct cdev cdev;
	dev_t number;
	struct class *class;
	struct mutex lock;
	size_t used;
	struct page *pages[LEDGER_PAGES];
	int readers;
};

static struct ledger ledger;

static ssize_t ledger_write(struct file *file, const char __user *buf, size_t len, loff_t *ppos)
{
	size_t done = 0;
	ssize_t ret = 0;

	mutex_lock(&ledger.lock);
	while (done < len) {
		size_t index = ledger.used >> PAGE_SHIFT;
		size_t in_page = offset_in_page(ledger.used);
		size_t part = min_t(size_t, len - done, PAGE_SIZE - in_page);

		if (index >= LEDGER_PAGES) {
			ret = -ENOSPC;
			break;
		}
		if (!ledger.pages[index])
			ledger.pages[index] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!ledger.pages[index]) {
			ret = -ENOMEM;
			break;
		}
		if (copy_from_user(page_address(ledger.pages[index]) + in_page, buf + done, part)) {
			ret = -EFAULT;
			break;
		}
		done += part;
		ledger.used += part;
	}
	mutex_unlock(&ledger.lock);
	return done ? done : ret;
}

static __poll_t ledger_poll(struct file *file, poll_table *wait)
{
	return EPOLLOUT | (ledger.used ? EPOLLIN | EPOLLRDNORM : 0);
}

static void ledger_vma_open(struct vm_area_struct *vma)
{
	count_open++;
	ledger.readers++;
}

static void ledger_vma_close(struct vm_area_struct *vma)
{
	count_close++;
	ledger.readers--;
}

static vm_fault_t ledger_fault(struct vm_fault *vmf)
{
	vm_fault_t ret = VM_FAULT_SIGBUS;

	count_fault++;
	mutex_lock(&ledger.lock);
	if (((loff_t)vmf->pgoff << PAGE_SHIFT) < ledger.used) {
		vmf->page = ledger.pages[vmf->pgoff];
		get_page(vmf->page);
		ret = 0;
	}
	mutex_unlock(&ledger.lock);
	return ret;
}

static const char *ledger_name(struct vm_area_struct *vma)
{
	return "[ledger]";
}

static const struct vm_operations_struct ledger_vm_ops = {
	.open = ledger_vma_open,
	.close = ledger_vma_close,
	.fault = ledger_fault,
	.name = ledger_name,
};

static int ledger_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_flags & VM_WRITE)
		return -EPERM;
	if (vma->vm_pgoff + vma_pages(vma) > LEDGER_PAGES)
		return -ENXIO;
	vm_flags_clear(vma, VM_MAYWRITE);
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_ops = &ledger_vm_ops;
	ledger.readers++;
	return 0;
}

static long ledger_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	int i;

	switch (cmd) {
	case 0x101:
		return ledger.readers;
	case 0x102: /* empties the log while nobody has it mapped */
		if (ledger.readers)
			return -EBUSY;
		mutex_lock(&ledger.lock);
		for (i = 0; i < LEDGER_PAGES; i++) {
			if (ledger.pages[i])
				put_page(ledger.pages[i]);
			ledger.pages[i] = NULL;
		}
		ledger.used = 0;
		mutex_unlock(&ledger.lock);
		return 0;
	case 0x103: /* empties it whoever has it mapped */
		mutex_lock(&ledger.lock);
		unmap_mapping_range(file->f_mapping, 0, 0, 1);
		ledger.used = min_t(size_t, ledger.used, arg);
		mutex_unlock(&ledger.lock);
		return 0;
	}
	return -ENOIOCTLCMD;
}

static const struct file_operations ledger_fops = {
	.owner = THIS_MODULE,
	.write = ledger_write,
	.poll = ledger_poll,
	.mmap = ledger_mmap,
	.unlocked_ioctl = ledger_ioctl,
	.llseek = noop_llseek,
};

static int __init ledger_init(void)
{
	struct device *device;
	int err;

	mutex_init(&ledger.lock);
	err = alloc_chrdev_region(&ledger.number, 0, 1, "ledger");
	if (err)
		return err;
	cdev_init(&ledger.cdev, &ledger_fops);
	ledger.cdev.owner = THIS_MODULE;
	err = cdev_add(&ledger.cdev, ledger.number, 1);
	if (err)
		goto unregister;
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
	ledger.class = class_create(THIS_MODULE, "ledger");
#else
	ledger.class = class_create("ledger");
#endif
	if (IS_ERR(ledger.class)) {
		err = PTR_ERR(ledger.class);
		goto remove;
	}
	device = device_create(ledger.class, NULL, ledger.number, NULL, "ledger");
	if (IS_ERR(device)) {
		err = PTR_ERR(device);
		goto destroy;
	}
	return 0;
destroy:
	class_destroy(ledger.class);
remove:
	cdev_del(&ledger.cdev);
unregister:
	unregister_chrdev_region(ledger.number, 1);
	return err;
}
module_init(ledger_init);

static void __exit ledger_exit(void)
{
	int i;

	device_destroy(ledger.class, ledger.number);
	class_destroy(ledger.class);
	cdev_del(&ledger.cdev);
	unregister_chrdev_region(ledger.number, 1);
	for (i = 0; i < LEDGER_PAGES; i++)
		if (ledger.pages[i])
			__free_page(ledger.pages[i]);
}
module_exit(ledger_exit);

MODULE_DESCRIPTION("A log that programs may map for reading");
MODULE_LICENSE("GPL");
