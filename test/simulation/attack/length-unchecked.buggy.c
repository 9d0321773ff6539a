/* The offset is checked, the length is not: pages behind the buffer are mapped too. */
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/kref.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#define BUFFER_ORDER 2

static unsigned long buffer;

static int buffer_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long pages = 1UL << BUFFER_ORDER;

	if (vma->vm_pgoff >= pages)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, (virt_to_phys((void *)buffer) >> PAGE_SHIFT) + vma->vm_pgoff,
			       vma->vm_end - vma->vm_start, vma->vm_page_prot);
}

static const struct file_operations buffer_fops = {
	.owner = THIS_MODULE,
	.mmap = buffer_mmap,
};

static struct miscdevice buffer_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "buffer",
	.fops = &buffer_fops,
};

static int __init buffer_init(void)
{
	buffer = __get_free_pages(GFP_KERNEL | __GFP_ZERO, BUFFER_ORDER);
	if (!buffer)
		return -ENOMEM;
	return misc_register(&buffer_misc);
}

static void __exit buffer_exit(void)
{
	misc_deregister(&buffer_misc);
	free_pages(buffer, BUFFER_ORDER);
}

module_init(buffer_init);
module_exit(buffer_exit);
MODULE_LICENSE("GPL");
