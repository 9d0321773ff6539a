// SPDX-License-Identifier: MIT
/*
 * Objects that ioctls make and name by cookies: an idr gives the handle, and the cookie of mmap is the handle times 1 MiB. An object is pages on demand,
 * or one piece of vmalloc memory, as its flags say. Handles belong to the file, objects live as long as somebody maps them.
 */
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "compat.h"

static unsigned int count_mmap, count_open, count_close, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);
module_param(count_fault, uint, 0444);

static int max_pages = 16;
module_param(max_pages, int, 0644);

#define COOKIE_SHIFT 20
#define OBJECT_VMALLOC BIT(0)
#define OBJECT_READ_ONLY BIT(1)

struct object_create {
	__u32 size;
	__u32 flags;
	__u64 cookie;
};

struct object {
	refcount_t users;
	u32 flags;
	unsigned long pages;
	void *area;
	struct page *page[];
};

struct client {
	struct idr handles;
	struct mutex lock;
};

static atomic_t objects_alive = ATOMIC_INIT(0);

static void object_put(struct object *object)
{
	unsigned long i;

	if (!refcount_dec_and_test(&object->users))
		return;
	vfree(object->area);
	for (i = 0; i < object->pages; i++)
		if (object->page[i])
			put_page(object->page[i]);
	kvfree(object);
	atomic_dec(&objects_alive);
}

static struct object *object_make(u32 size, u32 flags)
{
	unsigned long pages = DIV_ROUND_UP(size, PAGE_SIZE);
	struct object *object;

	object = kvzalloc(struct_size(object, page, pages), GFP_KERNEL);
	if (!object)
		return NULL;
	refcount_set(&object->users, 1);
	object->pages = pages;
	object->flags = flags;
	if (flags & OBJECT_VMALLOC) {
		object->area = vmalloc_user(pages << PAGE_SHIFT);
		if (!object->area) {
			kvfree(object);
			return NULL;
		}
		memset32(object->area, 0xc00c1e, 4);
	}
	atomic_inc(&objects_alive);
	return object;
}

static long client_create(struct client *client, struct object_create __user *argument)
{
	struct object_create create;
	struct object *object;
	int handle;

	if (copy_from_user(&create, argument, sizeof(create)))
		return -EFAULT;
	if (create.flags & ~(OBJECT_VMALLOC | OBJECT_READ_ONLY))
		return -EINVAL;
	if (!create.size || create.size > max_pages * PAGE_SIZE)
		return -E2BIG;
	object = object_make(create.size, create.flags);
	if (!object)
		return -ENOMEM;
	mutex_lock(&client->lock);
	handle = idr_alloc(&client->handles, object, 1, 0, GFP_KERNEL);
	mutex_unlock(&client->lock);
	if (handle < 0) {
		object_put(object);
		return handle;
	}
	create.cookie = (u64)handle << COOKIE_SHIFT;
	if (copy_to_user(argument, &create, sizeof(create)))
		return -EFAULT;
	return 0;
}

static long client_destroy(struct client *client, unsigned long handle)
{
	struct object *object;

	mutex_lock(&client->lock);
	object = idr_remove(&client->handles, handle);
	mutex_unlock(&client->lock);
	if (!object)
		return -ENOENT;
	object_put(object);
	return 0;
}

static long cookies_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct client *client = file->private_data;

	switch (command) {
	case 0x101:
		return client_create(client, (void __user *)argument);
	case 0x102:
		return client_destroy(client, argument);
	case 0x103:
		return atomic_read(&objects_alive);
	}
	return -ENOTTY;
}

static void object_vma_open(struct vm_area_struct *vma)
{
	struct object *object = vma->vm_private_data;

	count_open++;
	refcount_inc(&object->users);
}

static void object_vma_close(struct vm_area_struct *vma)
{
	count_close++;
	object_put(vma->vm_private_data);
}

static vm_fault_t object_fault(struct vm_fault *vmf)
{
	struct object *object = vmf->vma->vm_private_data;
	unsigned long index = vmf->pgoff & ((1UL << (COOKIE_SHIFT - PAGE_SHIFT)) - 1);
	struct page *page;

	count_fault++;
	if (index >= object->pages)
		return VM_FAULT_SIGBUS;
	page = object->page[index];
	if (!page) {
		page = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!page)
			return VM_FAULT_OOM;
		object->page[index] = page;
	}
	get_page(page);
	vmf->page = page;
	return 0;
}

static const struct vm_operations_struct object_vm_ops = {
	.open = object_vma_open,
	.close = object_vma_close,
	.fault = object_fault,
};

static int cookies_mmap(struct file *file, struct vm_area_struct *vma)
{
	const unsigned long shift = COOKIE_SHIFT - PAGE_SHIFT;
	struct client *client = file->private_data;
	struct object *object;
	unsigned long first = vma->vm_pgoff & ((1UL << shift) - 1);
	unsigned long last;
	int err = 0;

	count_mmap++;
	mutex_lock(&client->lock);
	object = idr_find(&client->handles, vma->vm_pgoff >> shift);
	if (!object) {
		err = -ENOENT;
		goto out;
	}
	if (check_add_overflow(first, vma_pages(vma), &last) || last > object->pages) {
		err = -EINVAL;
		goto out;
	}
	if (object->flags & OBJECT_READ_ONLY) {
		if (vma->vm_flags & VM_WRITE) {
			err = -EACCES;
			goto out;
		}
		vm_flags_clear(vma, VM_MAYWRITE);
	}
	if (object->area) {
		err = remap_vmalloc_range(vma, object->area, first);
		if (err)
			goto out;
	}
	refcount_inc(&object->users);
	vma->vm_private_data = object;
	vma->vm_ops = &object_vm_ops;
out:
	mutex_unlock(&client->lock);
	return err;
}

static int cookies_open(struct inode *inode, struct file *file)
{
	struct client *client = kmalloc(sizeof(*client), GFP_KERNEL);

	if (!client)
		return -ENOMEM;
	idr_init(&client->handles);
	mutex_init(&client->lock);
	file->private_data = client;
	return 0;
}

static int cookies_release(struct inode *inode, struct file *file)
{
	struct client *client = file->private_data;
	struct object *object;
	int handle;

	idr_for_each_entry(&client->handles, object, handle)
		object_put(object);
	idr_destroy(&client->handles);
	kfree(client);
	return 0;
}

static const struct file_operations cookies_fops = {
	.owner = THIS_MODULE,
	.open = cookies_open,
	.release = cookies_release,
	.unlocked_ioctl = cookies_ioctl,
	.mmap = cookies_mmap,
	.llseek = noop_llseek,
};

static struct miscdevice cookies_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "cookies",
	.fops = &cookies_fops,
	.mode = 0666,
};
module_misc_device(cookies_device);

MODULE_DESCRIPTION("Objects that ioctls make and name by cookies");
MODULE_LICENSE("GPL");
