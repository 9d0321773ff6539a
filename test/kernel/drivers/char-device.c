// SPDX-License-Identifier: MIT
/*
 * Makes its device by hand: a character device with a class. Each open file has its own page, whose address is the private
 * data.
 */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/version.h>

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static dev_t char_device_number;
static struct cdev char_device_cdev;
static struct class *char_device_class;

static vm_fault_t char_device_fault(struct vm_fault *vmf)
{
	struct page *page = virt_to_page(vmf->vma->vm_file->private_data);

	count_fault++;
	if (vmf->pgoff)
		return VM_FAULT_SIGBUS;
	get_page(page);
	vmf->page = page;
	return 0;
}

static const struct vm_operations_struct char_device_vm_ops = {
	.fault = char_device_fault,
};

static int char_device_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_ops = &char_device_vm_ops;
	return 0;
}

static int char_device_open(struct inode *inode, struct file *file)
{
	unsigned long memory = get_zeroed_page(GFP_KERNEL);

	if (!memory)
		return -ENOMEM;
	*(u32 *)memory = 0xcde;
	file->private_data = (void *)memory;
	return 0;
}

static int char_device_release(struct inode *inode, struct file *file)
{
	free_page((unsigned long)file->private_data);
	return 0;
}

static const struct file_operations char_device_fops = {
	.owner = THIS_MODULE,
	.open = char_device_open,
	.release = char_device_release,
	.mmap = char_device_mmap,
};

static int __init char_device_init(void)
{
	struct device *device;
	int err;

	err = alloc_chrdev_region(&char_device_number, 0, 1, "char-device");
	if (err)
		return err;
	cdev_init(&char_device_cdev, &char_device_fops);
	err = cdev_add(&char_device_cdev, char_device_number, 1);
	if (err)
		goto unregister;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
	char_device_class = class_create("oracle");
#else
	char_device_class = class_create(THIS_MODULE, "oracle");
#endif
	if (IS_ERR(char_device_class)) {
		err = PTR_ERR(char_device_class);
		goto delete;
	}
	device = device_create(char_device_class, NULL, char_device_number, NULL, "char-device");
	if (IS_ERR(device)) {
		err = PTR_ERR(device);
		goto destroy;
	}
	return 0;
destroy:
	class_destroy(char_device_class);
delete:
	cdev_del(&char_device_cdev);
unregister:
	unregister_chrdev_region(char_device_number, 1);
	return err;
}
module_init(char_device_init);

static void __exit char_device_exit(void)
{
	device_destroy(char_device_class, char_device_number);
	class_destroy(char_device_class);
	cdev_del(&char_device_cdev);
	unregister_chrdev_region(char_device_number, 1);
}
module_exit(char_device_exit);

MODULE_DESCRIPTION("Makes its device by hand");
MODULE_LICENSE("GPL");
