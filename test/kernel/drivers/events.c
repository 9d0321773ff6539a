// SPDX-License-Identifier: MIT
/*
 * An event queue of the LDD kind: a character device of two minors with a class, each with a control page that is remapped and a ring of pages that
 * are inserted; reading waits for nobody. Only the first minor is a device of its own.
 */
#include <linux/cdev.h>
#include <linux/circ_buf.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/version.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

#define RING_PAGES 2
#define RING_BYTES (RING_PAGES << PAGE_SHIFT)

struct events_control {
	u32 magic, head, tail, size;
};

struct events_device {
	struct cdev cdev;
	struct rw_semaphore sem;
	struct events_control *control;
	struct page *ring[RING_PAGES];
};

static dev_t events_number;
static struct class *events_class;
static struct events_device *events;

static int events_open(struct inode *inode, struct file *file)
{
	file->private_data = container_of(inode->i_cdev, struct events_device, cdev);
	return iminor(inode) == MINOR(events_number) ? 0 : -ENXIO;
}

static ssize_t events_write(struct file *file, const char __user *from, size_t length, loff_t *position)
{
	struct events_device *device = file->private_data;
	struct events_control *control = device->control;
	size_t room, done = 0;

	if (down_write_killable(&device->sem))
		return -EINTR;
	room = CIRC_SPACE(control->head, control->tail, RING_BYTES);
	while (done < length && room--) {
		char *page = page_address(device->ring[control->head >> PAGE_SHIFT]);

		if (get_user(page[offset_in_page(control->head)], from + done)) {
			up_write(&device->sem);
			return done ?: -EFAULT;
		}
		control->head = (control->head + 1) & (RING_BYTES - 1);
		done++;
	}
	up_write(&device->sem);
	return done ?: -EAGAIN;
}

static ssize_t events_read(struct file *file, char __user *to, size_t length, loff_t *position)
{
	struct events_device *device = file->private_data;
	struct events_control *control = device->control;
	size_t count, first;

	down_read(&device->sem);
	count = min_t(size_t, length, CIRC_CNT_TO_END(control->head, control->tail, RING_BYTES));
	first = min(count, PAGE_SIZE - offset_in_page(control->tail));
	if (copy_to_user(to, page_address(device->ring[control->tail / PAGE_SIZE]) + offset_in_page(control->tail), first)) {
		up_read(&device->sem);
		return -EFAULT;
	}
	control->tail = (control->tail + first) & (RING_BYTES - 1);
	up_read(&device->sem);
	return first;
}

static int events_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct events_device *device = file->private_data;
	unsigned long size = vma->vm_end - vma->vm_start;
	int i, err;

	count_mmap++;
	switch (vma->vm_pgoff) {
	case 0:
		if (size != PAGE_SIZE)
			return -EINVAL;
		return remap_pfn_range(vma, vma->vm_start, PHYS_PFN(__pa(device->control)), size, vma->vm_page_prot);
	case 1:
		if (size != RING_BYTES && size != 2 * RING_BYTES)
			return -EINVAL;
		for (i = 0; i < size >> PAGE_SHIFT; i++) {
			err = vm_insert_page(vma, vma->vm_start + (i << PAGE_SHIFT), device->ring[i % RING_PAGES]);
			if (err)
				return err;
		}
		return 0;
	}
	return -EINVAL;
}

static const struct file_operations events_fops = {
	.owner = THIS_MODULE,
	.open = events_open,
	.read = events_read,
	.write = events_write,
	.mmap = events_mmap,
};

static void events_free(void)
{
	int i;

	for (i = 0; i < RING_PAGES; i++)
		if (events->ring[i])
			__free_page(events->ring[i]);
	free_page((unsigned long)events->control);
	kfree(events);
}

static int __init events_init(void)
{
	struct device *device;
	int i, err;

	events = kzalloc(sizeof(*events), GFP_KERNEL);
	if (!events)
		return -ENOMEM;
	init_rwsem(&events->sem);
	events->control = (struct events_control *)get_zeroed_page(GFP_KERNEL);
	for (i = 0; i < RING_PAGES; i++)
		events->ring[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
	err = -ENOMEM;
	if (!events->control || !events->ring[0] || !events->ring[1])
		goto free;
	*events->control = (struct events_control){ .magic = 0xe7e47, .size = RING_BYTES };

	err = alloc_chrdev_region(&events_number, 0, 2, "events");
	if (err)
		goto free;
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
	events_class = class_create(THIS_MODULE, "events");
#else
	events_class = class_create("events");
#endif
	if (IS_ERR(events_class)) {
		err = PTR_ERR(events_class);
		goto region;
	}
	cdev_init(&events->cdev, &events_fops);
	events->cdev.owner = THIS_MODULE;
	err = cdev_add(&events->cdev, events_number, 2);
	if (err)
		goto class;
	device = device_create(events_class, NULL, events_number, NULL, "events");
	if (IS_ERR(device)) {
		err = PTR_ERR(device);
		goto cdev;
	}
	return 0;

cdev:
	cdev_del(&events->cdev);
class:
	class_destroy(events_class);
region:
	unregister_chrdev_region(events_number, 2);
free:
	events_free();
	return err;
}
module_init(events_init);

static void __exit events_exit(void)
{
	device_destroy(events_class, events_number);
	cdev_del(&events->cdev);
	class_destroy(events_class);
	unregister_chrdev_region(events_number, 2);
	events_free();
}
module_exit(events_exit);

MODULE_DESCRIPTION("An event queue of two minors");
MODULE_LICENSE("GPL");
