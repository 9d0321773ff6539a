// SPDX-License-Identifier: MIT
/* A flash-like store of 8 pages: read, write and llseek with limits, erase by blocks, a read-only map; writing can only clear bits. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "compat.h"

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

#define STORE_SIZE (8 * PAGE_SIZE)
#define BLOCK_SIZE_LOG 13

static u8 *store;
static unsigned int wear[STORE_SIZE >> BLOCK_SIZE_LOG];
static DEFINE_MUTEX(store_lock);

static loff_t store_llseek(struct file *file, loff_t off, int whence)
{
	loff_t pos;

	switch (whence) {
	case SEEK_SET:
		pos = off;
		break;
	case SEEK_CUR:
		pos = file->f_pos + off;
		break;
	case SEEK_END:
		pos = STORE_SIZE + off;
		break;
	default:
		return -EINVAL;
	}
	if (pos < 0 || pos > STORE_SIZE)
		return -EINVAL;
	file->f_pos = pos;
	return pos;
}

static ssize_t store_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	size_t left;

	if (*ppos >= STORE_SIZE)
		return 0;
	count = min_t(size_t, count, STORE_SIZE - *ppos);
	mutex_lock(&store_lock);
	left = copy_to_user(buf, store + *ppos, count);
	mutex_unlock(&store_lock);
	if (left == count && count)
		return -EFAULT;
	*ppos += count - left;
	return count - left;
}

static ssize_t store_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	u8 bounce[128];
	size_t done = 0, n, i;

	if (*ppos >= STORE_SIZE)
		return -ENOSPC;
	count = min_t(size_t, count, STORE_SIZE - *ppos);
	mutex_lock(&store_lock);
	while (done < count) {
		n = min(count - done, sizeof(bounce));
		if (copy_from_user(bounce, buf + done, n))
			break;
		for (i = 0; i < n; i++)
			store[*ppos + i] &= bounce[i];
		*ppos += n;
		done += n;
	}
	mutex_unlock(&store_lock);
	return done ? done : -EFAULT;
}

static long store_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	unsigned int i, worst = 0;

	switch (cmd) {
	case 0x101:
		if (arg >= ARRAY_SIZE(wear))
			return -EINVAL;
		mutex_lock(&store_lock);
		memset(store + (arg << BLOCK_SIZE_LOG), 0xff, 1 << BLOCK_SIZE_LOG);
		wear[arg]++;
		mutex_unlock(&store_lock);
		return wear[arg];
	case 0x102:
		for (i = 0; i < ARRAY_SIZE(wear); i++)
			worst = max(worst, wear[i]);
		return worst;
	case 0x103:
		return file->f_pos;
	case 0x104:
		return memchr_inv(store, 0xff, STORE_SIZE) ? (u8 *)memchr_inv(store, 0xff, STORE_SIZE) - store + 1 : 0;
	}
	return -ENOTTY;
}

static int store_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_flags & VM_WRITE)
		return -EROFS;
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTCOPY);
	vm_flags_clear(vma, VM_MAYWRITE | VM_MAYEXEC);
	return remap_vmalloc_range(vma, store, vma->vm_pgoff);
}

static const struct file_operations store_fops = {
	.owner = THIS_MODULE,
	.llseek = store_llseek,
	.read = store_read,
	.write = store_write,
	.unlocked_ioctl = store_ioctl,
	.mmap = store_mmap,
};

static struct miscdevice store_misc = { .minor = MISC_DYNAMIC_MINOR, .name = "seek-window", .fops = &store_fops };

static int __init store_init(void)
{
	int err;

	store = vmalloc_user(STORE_SIZE);
	if (!store)
		return -ENOMEM;
	memset(store, 0xff, STORE_SIZE);
	err = misc_register(&store_misc);
	if (err)
		vfree(store);
	return err;
}

static void __exit store_exit(void)
{
	misc_deregister(&store_misc);
	vfree(store);
}
module_init(store_init);
module_exit(store_exit);
MODULE_LICENSE("GPL");
