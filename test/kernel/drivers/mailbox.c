// SPDX-License-Identifier: MIT
/*
 * Mailboxes: each open file owns one, with a number from an ida; a message is sent to a number with write() (a header and bytes) and taken with read().
 * The owner maps the page of his box read-only, senders see nothing. ioctl dispatches by a table of functions with sizes.
 */
#include <linux/completion.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>

#include "compat.h"

static unsigned int count_mmap, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

static unsigned int depth = 3;
module_param(depth, uint, 0444);
MODULE_PARM_DESC(depth, "messages of a box");

struct mail_header {
	__u32 to;
	__u16 length;
	__u8 urgent;
	__u8 pad;
	__u8 body[];
};

struct message {
	struct list_head link;
	unsigned int from;
	size_t length;
	u8 body[];
};

struct mailbox_page {
	u32 number;
	u32 waiting;
	u64 received;
	u8 last[16];
};

struct mailbox {
	struct list_head link;
	refcount_t references;
	unsigned int number;
	unsigned int waiting;
	struct list_head messages;
	union {
		struct mailbox_page *page;
		unsigned long address;
	};
};

static LIST_HEAD(mailboxes);
static DEFINE_SPINLOCK(mailbox_lock);
static DEFINE_IDA(mailbox_numbers);

static void mailbox_put(struct mailbox *box)
{
	struct message *message, *next;

	if (!refcount_dec_and_lock(&box->references, &mailbox_lock))
		return;
	list_del(&box->link);
	spin_unlock(&mailbox_lock);
	list_for_each_entry_safe(message, next, &box->messages, link)
		kfree(message);
	ida_free(&mailbox_numbers, box->number);
	free_page(box->address);
	kfree(box);
}

static struct mailbox *mailbox_find(unsigned int number)
{
	struct mailbox *box, *found = NULL;

	spin_lock(&mailbox_lock);
	list_for_each_entry(box, &mailboxes, link) {
		if (box->number == number && refcount_inc_not_zero(&box->references)) {
			found = box;
			break;
		}
	}
	spin_unlock(&mailbox_lock);
	return found;
}

static int mailbox_open(struct inode *inode, struct file *file)
{
	struct mailbox *box = kzalloc(sizeof(*box), GFP_KERNEL);
	int number;

	if (!box)
		return -ENOMEM;
	box->address = get_zeroed_page(GFP_KERNEL);
	number = box->page ? ida_alloc_range(&mailbox_numbers, 10, 12, GFP_KERNEL) : -ENOMEM;
	if (number < 0) {
		free_page(box->address);
		kfree(box);
		return number;
	}
	box->number = box->page->number = number;
	refcount_set(&box->references, 1);
	INIT_LIST_HEAD(&box->messages);
	spin_lock(&mailbox_lock);
	list_add(&box->link, &mailboxes);
	spin_unlock(&mailbox_lock);
	file->private_data = box;
	return 0;
}

static int mailbox_release(struct inode *inode, struct file *file)
{
	mailbox_put(file->private_data);
	return 0;
}

static ssize_t mailbox_write(struct file *file, const char __user *from, size_t length, loff_t *position)
{
	struct mailbox *sender = file->private_data, *box;
	struct mail_header header;
	struct message *message;
	ssize_t result = -EXFULL;

	if (length < sizeof(header))
		return -EINVAL;
	if (copy_from_user(&header, from, sizeof(header)))
		return -EFAULT;
	if (header.length > length - offsetof(struct mail_header, body))
		return -EMSGSIZE;
	box = mailbox_find(header.to);
	if (!box)
		return -EHOSTUNREACH;
	message = kmalloc(struct_size(message, body, header.length), GFP_KERNEL);
	if (!message) {
		result = -ENOMEM;
		goto put;
	}
	message->from = sender->number;
	message->length = header.length;
	if (copy_from_user(message->body, from + sizeof(header), header.length)) {
		result = -EFAULT;
		goto free;
	}
	spin_lock(&mailbox_lock);
	if (box->waiting < depth) {
		if (header.urgent)
			list_add(&message->link, &box->messages);
		else
			list_add_tail(&message->link, &box->messages);
		box->page->waiting = ++box->waiting;
		box->page->received++;
		memcpy(box->page->last, message->body, min(message->length, sizeof(box->page->last)));
		message = NULL;
		result = sizeof(header) + header.length;
	}
	spin_unlock(&mailbox_lock);
free:
	kfree(message);
put:
	mailbox_put(box);
	return result;
}

static ssize_t mailbox_read(struct file *file, char __user *to, size_t length, loff_t *position)
{
	struct mailbox *box = file->private_data;
	struct message *message;
	ssize_t result;

	spin_lock(&mailbox_lock);
	message = list_first_entry_or_null(&box->messages, struct message, link);
	if (!message || message->length > length) {
		spin_unlock(&mailbox_lock);
		return message ? -ENOSPC : -EAGAIN;
	}
	list_del_init(&message->link);
	box->page->waiting = --box->waiting;
	spin_unlock(&mailbox_lock);
	result = copy_to_user(to, message->body, message->length) ? -EFAULT : message->length;
	kfree(message);
	return result;
}

static long mailbox_number(struct mailbox *box, void *argument)
{
	return box->number;
}

static long mailbox_peek(struct mailbox *box, void *argument)
{
	struct message *message = list_empty(&box->messages) ? NULL : list_first_entry(&box->messages, struct message, link);
	u32 *answer = argument;

	if (!message)
		return -ENOMSG;
	answer[0] = message->from;
	answer[1] = message->length;
	return 0;
}

static long mailbox_flush(struct mailbox *box, void *argument)
{
	LIST_HEAD(gone);
	struct message *message, *next;
	long count = 0;

	spin_lock(&mailbox_lock);
	list_splice_init(&box->messages, &gone);
	box->page->waiting = box->waiting = 0;
	spin_unlock(&mailbox_lock);
	list_for_each_entry_safe(message, next, &gone, link) {
		list_del(&message->link);
		kfree(message);
		count++;
	}
	return count;
}

struct mailbox_call {
	unsigned int command;
	long (*run)(struct mailbox *box, void *argument);
};

static const struct mailbox_call mailbox_calls[] = {
	{ _IO('M', 0), mailbox_number },
	{ _IOR('M', 1, u32[2]), mailbox_peek },
	{ _IO('M', 2), mailbox_flush },
};

static long mailbox_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	u8 buffer[32] __aligned(8) = {};
	const struct mailbox_call *call;
	long result;

	for (call = mailbox_calls; call < mailbox_calls + ARRAY_SIZE(mailbox_calls); call++) {
		if (call->command != command)
			continue;
		if (_IOC_SIZE(command) > sizeof(buffer))
			return -E2BIG;
		if ((_IOC_DIR(command) & _IOC_WRITE) && copy_from_user(buffer, (void __user *)argument, _IOC_SIZE(command)))
			return -EFAULT;
		result = call->run(file->private_data, buffer);
		if (result >= 0 && (_IOC_DIR(command) & _IOC_READ) && copy_to_user((void __user *)argument, buffer, _IOC_SIZE(command)))
			return -EFAULT;
		return result;
	}
	return -ENOTTY;
}

static void mailbox_vma_open(struct vm_area_struct *vma)
{
	struct mailbox *box = vma->vm_private_data;

	count_open++;
	refcount_inc(&box->references);
}

static void mailbox_vma_close(struct vm_area_struct *vma)
{
	count_close++;
	mailbox_put(vma->vm_private_data);
}

static const struct vm_operations_struct mailbox_vm_ops = {
	.open = mailbox_vma_open,
	.close = mailbox_vma_close,
};

static int mailbox_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct mailbox *box = file->private_data;
	int err;

	count_mmap++;
	if (vma->vm_flags & VM_WRITE)
		return -EACCES;
	vm_flags_clear(vma, VM_MAYWRITE);
	if (vma->vm_end - vma->vm_start != PAGE_SIZE || vma->vm_pgoff)
		return -EINVAL;
	err = vm_insert_page(vma, vma->vm_start, virt_to_page((void *)box->address));
	if (err)
		return err;
	vma->vm_ops = &mailbox_vm_ops;
	vma->vm_private_data = box;
	refcount_inc(&box->references);
	return 0;
}

static const struct file_operations mailbox_fops = {
	.owner = THIS_MODULE,
	.open = mailbox_open,
	.release = mailbox_release,
	.read = mailbox_read,
	.write = mailbox_write,
	.unlocked_ioctl = mailbox_ioctl,
	.mmap = mailbox_mmap,
};

static struct miscdevice mailbox_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "mailbox",
	.fops = &mailbox_fops,
};
module_misc_device(mailbox_device);

MODULE_DESCRIPTION("Mailboxes");
MODULE_LICENSE("GPL");
