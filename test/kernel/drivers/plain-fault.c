// SPDX-License-Identifier: MIT
/* The mapping of a first driver with a fault handler: a buffer of vmalloc memory, five pages. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/vmalloc.h>

#define BUFFER_SIZE (5 * PAGE_SIZE)

static unsigned int count_mmap, count_fault, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

static void *plain_buffer;

static void plain_vma_open(struct vm_area_struct *vma)
{
	count_open++;
}

static void plain_vma_close(struct vm_area_struct *vma)
{
	count_close++;
}

static vm_fault_t plain_fault(struct vm_fault *vmf)
{
	unsigned long offset = vmf->pgoff << PAGE_SHIFT;
	struct page *page;

	count_fault++;
	if (offset >= BUFFER_SIZE)
		return VM_FAULT_SIGBUS;
	page = vmalloc_to_page(plain_buffer + offset);
	if (!page)
		return VM_FAULT_SIGBUS;
	get_page(page);
	vmf->page = page;
	return 0;
}

static const struct vm_operations_struct plain_vm_ops = {
	.open = plain_vma_open,
	.close = plain_vma_close,
	.fault = plain_fault,
};

static int plain_mmap(struct file *filp, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_ops = &plain_vm_ops;
	vma->vm_private_data = filp->private_data;
	plain_vma_open(vma);
	return 0;
}

static ssize_t plain_read(struct file *filp, char __user *buf, size_t count, loff_t *ppos)
{
	if (*ppos >= BUFFER_SIZE)
		return 0;
	if (count > BUFFER_SIZE - *ppos)
		count = BUFFER_SIZE - *ppos;
	if (copy_to_user(buf, plain_buffer + *ppos, count))
		return -EFAULT;
	*ppos += count;
	return count;
}

static ssize_t plain_write(struct file *filp, const char __user *buf, size_t count, loff_t *ppos)
{
	if (*ppos >= BUFFER_SIZE)
		return -ENOSPC;
	if (count > BUFFER_SIZE - *ppos)
		count = BUFFER_SIZE - *ppos;
	if (copy_from_user(plain_buffer + *ppos, buf, count))
		return -EFAULT;
	*ppos += count;
	return count;
}

static const struct file_operations plain_fops = {
	.owner = THIS_MODULE,
	.read = plain_read,
	.write = plain_write,
	.mmap = plain_mmap,
};

static struct miscdevice plain_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "plain-fault",
	.fops = &plain_fops,
};

static int __init plain_init(void)
{
	int i, ret;

	plain_buffer = vzalloc(BUFFER_SIZE);
	if (!plain_buffer)
		return -ENOMEM;
	for (i = 0; i < 5; i++)
		*(u32 *)(plain_buffer + i * PAGE_SIZE) = 100 + i;
	ret = misc_register(&plain_device);
	if (ret)
		vfree(plain_buffer);
	return ret;
}

static void __exit plain_exit(void)
{
	misc_deregister(&plain_device);
	vfree(plain_buffer);
}

module_init(plain_init);
module_exit(plain_exit);
MODULE_DESCRIPTION("The mapping of a first driver, by a fault handler");
MODULE_LICENSE("GPL");
