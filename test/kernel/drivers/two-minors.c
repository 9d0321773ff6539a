// SPDX-License-Identifier: MIT
/*
 * A character device with memory that kvzalloc() found: small for half of the offsets, so that it is kmalloc memory, large for the others, so that it may be
 * vmalloc memory (it is forced to be). The vma is filled page by page with remap_pfn_range, as drivers of both do.
 */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/version.h>
#include <linux/vmalloc.h>

static unsigned int count_mmap, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

#define SLOT_BYTES (4 * PAGE_SIZE)

struct slot {
	void *memory;
	size_t bytes;
	atomic_t mapped;
};

static struct slot slots[2];
static dev_t slots_number;
static struct cdev slots_cdev;
static struct class *slots_class;

static void slot_open(struct vm_area_struct *vma)
{
	struct slot *slot = vma->vm_private_data;

	count_open++;
	atomic_inc(&slot->mapped);
}

static void slot_close(struct vm_area_struct *vma)
{
	struct slot *slot = vma->vm_private_data;

	count_close++;
	atomic_dec(&slot->mapped);
}

static const struct vm_operations_struct slot_vm_ops = {
	.open = slot_open,
	.close = slot_close,
};

static unsigned long slot_pfn(void *address)
{
	return is_vmalloc_addr(address) ? vmalloc_to_pfn(address) : virt_to_phys(address) >> PAGE_SHIFT;
}

static int slots_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct slot *slot = &slots[vma->vm_pgoff >> 4 & 1];
	unsigned long offset = (vma->vm_pgoff & 0xf) << PAGE_SHIFT;
	unsigned long address;
	int err;

	count_mmap++;
	if (offset + (vma->vm_end - vma->vm_start) > PAGE_ALIGN(slot->bytes))
		return -EINVAL;
	for (address = vma->vm_start; address < vma->vm_end; address += PAGE_SIZE, offset += PAGE_SIZE) {
		err = remap_pfn_range(vma, address, slot_pfn(slot->memory + offset), PAGE_SIZE, vma->vm_page_prot);
		if (err)
			return err;
	}
	vma->vm_private_data = slot;
	vma->vm_ops = &slot_vm_ops;
	slot_open(vma);
	return 0;
}

static long slots_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct slot *slot = &slots[argument & 1];

	switch (_IOC_NR(command)) {
	case 1:
		return atomic_read(&slot->mapped);
	case 2:
		if (atomic_read(&slot->mapped))
			return -EBUSY;
		memset(slot->memory, 0xee, slot->bytes);
		return 0;
	}
	return -ENOTTY;
}

static const struct file_operations slots_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = slots_ioctl,
	.mmap = slots_mmap,
};

static int __init slots_init(void)
{
	struct device *device;
	int err;

	slots[0].bytes = PAGE_SIZE;
	slots[0].memory = kvzalloc(slots[0].bytes, GFP_KERNEL);
	slots[1].bytes = SLOT_BYTES - 100;
	slots[1].memory = vzalloc(slots[1].bytes);
	err = -ENOMEM;
	if (!slots[0].memory || !slots[1].memory)
		goto free;
	strscpy(slots[0].memory, "small", 16);
	strscpy(slots[1].memory, "large", 16);
	err = alloc_chrdev_region(&slots_number, 0, 2, "two-minors");
	if (err)
		goto free;
	cdev_init(&slots_cdev, &slots_fops);
	slots_cdev.owner = THIS_MODULE;
	err = cdev_add(&slots_cdev, slots_number, 2);
	if (err)
		goto unregister;
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
	slots_class = class_create(THIS_MODULE, "two-minors");
#else
	slots_class = class_create("two-minors");
#endif
	if (IS_ERR(slots_class)) {
		err = PTR_ERR(slots_class);
		goto del;
	}
	device = device_create(slots_class, NULL, slots_number, NULL, "two-minors");
	if (!IS_ERR(device))
		return 0;
	err = PTR_ERR(device);
	class_destroy(slots_class);
del:
	cdev_del(&slots_cdev);
unregister:
	unregister_chrdev_region(slots_number, 2);
free:
	kvfree(slots[1].memory);
	kvfree(slots[0].memory);
	return err;
}

static void __exit slots_exit(void)
{
	device_destroy(slots_class, slots_number);
	class_destroy(slots_class);
	cdev_del(&slots_cdev);
	unregister_chrdev_region(slots_number, 2);
	kvfree(slots[1].memory);
	kvfree(slots[0].memory);
}

module_init(slots_init);
module_exit(slots_exit);

MODULE_DESCRIPTION("Memory of kvzalloc, small and large");
MODULE_LICENSE("GPL");
