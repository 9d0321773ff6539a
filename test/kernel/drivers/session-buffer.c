// SPDX-License-Identifier: MIT
/*
 * A buffer of vmalloc memory for each open file. read and write copy to and from it, ioctl 0x101 makes it as long as its argument says, unless somebody
 * maps it, 0x102 tells its length in bytes. The vma counts its users by open and close.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

static unsigned int count_mmap, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

#define SESSION_MOST (8 * PAGE_SIZE)

struct session {
	struct mutex lock;
	void *buffer;
	size_t bytes;
	int users;
};

static void session_vm_open(struct vm_area_struct *vma)
{
	struct session *session = vma->vm_private_data;

	count_open++;
	mutex_lock(&session->lock);
	session->users++;
	mutex_unlock(&session->lock);
}

static void session_vm_close(struct vm_area_struct *vma)
{
	struct session *session = vma->vm_private_data;

	count_close++;
	mutex_lock(&session->lock);
	session->users--;
	mutex_unlock(&session->lock);
}

static const struct vm_operations_struct session_vm_ops = {
	.open = session_vm_open,
	.close = session_vm_close,
};

static int session_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct session *session = file->private_data;
	int err;

	count_mmap++;
	mutex_lock(&session->lock);
	err = -ENXIO;
	if (session->buffer)
		err = remap_vmalloc_range(vma, session->buffer, vma->vm_pgoff);
	if (!err) {
		session->users++;
		vma->vm_private_data = session;
		vma->vm_ops = &session_vm_ops;
	}
	mutex_unlock(&session->lock);
	return err;
}

static int session_resize(struct session *session, unsigned long bytes)
{
	void *buffer;

	if (!bytes || bytes > SESSION_MOST)
		return -EINVAL;
	if (session->users)
		return -EBUSY;
	buffer = vmalloc_user(bytes);
	if (!buffer)
		return -ENOMEM;
	if (session->buffer)
		memcpy(buffer, session->buffer, min_t(size_t, bytes, session->bytes));
	vfree(session->buffer);
	session->buffer = buffer;
	session->bytes = bytes;
	return 0;
}

static long session_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct session *session = file->private_data;
	long result = -ENOTTY;

	if (mutex_lock_interruptible(&session->lock))
		return -ERESTARTSYS;
	if (command == 0x101)
		result = session_resize(session, argument);
	else if (command == 0x102)
		result = session->bytes;
	mutex_unlock(&session->lock);
	return result;
}

static ssize_t session_read(struct file *file, char __user *to, size_t count, loff_t *position)
{
	struct session *session = file->private_data;

	return simple_read_from_buffer(to, count, position, session->buffer, session->bytes);
}

static ssize_t session_write(struct file *file, const char __user *from, size_t count, loff_t *position)
{
	struct session *session = file->private_data;

	return simple_write_to_buffer(session->buffer, session->bytes, position, from, count);
}

static int session_open(struct inode *inode, struct file *file)
{
	struct session *session = kzalloc(sizeof(*session), GFP_KERNEL);

	if (!session)
		return -ENOMEM;
	mutex_init(&session->lock);
	file->private_data = session;
	return 0;
}

static int session_release(struct inode *inode, struct file *file)
{
	struct session *session = file->private_data;

	WARN_ON(session->users);
	vfree(session->buffer);
	mutex_destroy(&session->lock);
	kfree(session);
	return 0;
}

static const struct file_operations session_fops = {
	.owner = THIS_MODULE,
	.open = session_open,
	.release = session_release,
	.read = session_read,
	.write = session_write,
	.llseek = default_llseek,
	.unlocked_ioctl = session_ioctl,
	.mmap = session_mmap,
};

static struct miscdevice session_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "session-buffer",
	.fops = &session_fops,
	.mode = 0666,
};
module_misc_device(session_device);

MODULE_DESCRIPTION("A buffer of vmalloc memory for each open file");
MODULE_LICENSE("GPL");
