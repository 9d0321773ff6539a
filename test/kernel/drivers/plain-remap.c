// SPDX-License-Identifier: MIT
/* The mapping of a first driver: a buffer of five pages, given to programs by remap_pfn_range. */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#define BUFFER_SIZE (5 * PAGE_SIZE)

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static char *plain_buffer;

static int plain_mmap(struct file *filp, struct vm_area_struct *vma)
{
	unsigned long off = vma->vm_pgoff << PAGE_SHIFT;
	unsigned long len = vma->vm_end - vma->vm_start;

	count_mmap++;
	if (off > BUFFER_SIZE || len > BUFFER_SIZE - off)
		return -EINVAL;
	if (remap_pfn_range(vma, vma->vm_start, (virt_to_phys(plain_buffer) + off) >> PAGE_SHIFT, len, vma->vm_page_prot))
		return -EAGAIN;
	return 0;
}

static ssize_t plain_read(struct file *filp, char __user *buf, size_t count, loff_t *ppos)
{
	return simple_read_from_buffer(buf, count, ppos, plain_buffer, BUFFER_SIZE);
}

static ssize_t plain_write(struct file *filp, const char __user *buf, size_t count, loff_t *ppos)
{
	return simple_write_to_buffer(plain_buffer, BUFFER_SIZE, ppos, buf, count);
}

static const struct file_operations plain_fops = {
	.owner = THIS_MODULE,
	.read = plain_read,
	.write = plain_write,
	.mmap = plain_mmap,
	.llseek = default_llseek,
};

static struct miscdevice plain_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "plain-remap",
	.fops = &plain_fops,
	.mode = 0666,
};

static int __init plain_init(void)
{
	int ret;

	plain_buffer = (char *)__get_free_pages(GFP_KERNEL | __GFP_ZERO, get_order(BUFFER_SIZE));
	if (!plain_buffer)
		return -ENOMEM;
	strscpy(plain_buffer, "plain", PAGE_SIZE);
	ret = misc_register(&plain_device);
	if (ret)
		free_pages((unsigned long)plain_buffer, get_order(BUFFER_SIZE));
	return ret;
}

static void __exit plain_exit(void)
{
	misc_deregister(&plain_device);
	free_pages((unsigned long)plain_buffer, get_order(BUFFER_SIZE));
}

module_init(plain_init);
module_exit(plain_exit);
MODULE_DESCRIPTION("The mapping of a first driver, by remap_pfn_range");
MODULE_LICENSE("GPL");
