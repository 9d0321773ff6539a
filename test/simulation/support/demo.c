/* The driver that the examples of docs/scenarios.md run on: 3 pages by fault, a guard page after them, and an ioctl. */
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/ioctl.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/uaccess.h>
#include <linux/version.h>

#define DEMO_PAGES 4
#define DEMO_GUARD 3
#define DEMO_GET_SIZE _IOR('D', 1, __u64)

static struct page *demo_pages[DEMO_PAGES];
static char demo_text[16] = "demo";

static vm_fault_t demo_fault(struct vm_fault *vmf)
{
	if (vmf->pgoff >= DEMO_GUARD)
		return VM_FAULT_SIGBUS;
	vmf->page = demo_pages[vmf->pgoff];
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct demo_vm_ops = {
	.fault = demo_fault,
};

static int demo_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_pgoff + vma_pages(vma) > DEMO_PAGES)
		return -EINVAL;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	vm_flags_set(vma, VM_DONTEXPAND);
#else
	vma->vm_flags |= VM_DONTEXPAND;
#endif
	vma->vm_ops = &demo_vm_ops;
	return 0;
}

static int demo_open(struct inode *inode, struct file *file)
{
	pr_info("demo: opened\n");
	return 0;
}

static long demo_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	__u64 size = DEMO_GUARD * PAGE_SIZE;

	if (cmd != DEMO_GET_SIZE)
		return -ENOTTY;
	if (copy_to_user((void __user *)arg, &size, sizeof(size)))
		return -EFAULT;
	return 0;
}

static ssize_t demo_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	if (*ppos >= sizeof(demo_text))
		return 0;
	if (count > sizeof(demo_text) - *ppos)
		count = sizeof(demo_text) - *ppos;
	if (copy_to_user(buf, demo_text + *ppos, count))
		return -EFAULT;
	*ppos += count;
	return count;
}

static ssize_t demo_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	if (count > sizeof(demo_text))
		count = sizeof(demo_text);
	if (copy_from_user(demo_text, buf, count))
		return -EFAULT;
	return count;
}

static const struct file_operations demo_fops = {
	.owner = THIS_MODULE,
	.open = demo_open,
	.mmap = demo_mmap,
	.read = demo_read,
	.write = demo_write,
	.unlocked_ioctl = demo_ioctl,
};

static struct miscdevice demo_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "demo",
	.fops = &demo_fops,
};

static int __init demo_init(void)
{
	int index;

	for (index = 0; index < DEMO_PAGES; index++) {
		demo_pages[index] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!demo_pages[index])
			return -ENOMEM;
	}
	return misc_register(&demo_device);
}

static void __exit demo_exit(void)
{
	int index;

	misc_deregister(&demo_device);
	for (index = 0; index < DEMO_PAGES; index++)
		__free_page(demo_pages[index]);
}

module_init(demo_init);
module_exit(demo_exit);
MODULE_LICENSE("GPL");
