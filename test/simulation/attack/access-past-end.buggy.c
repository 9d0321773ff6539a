/* A debugger may ask for more bytes than the mapping has: the access function looks at the first one only. */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#define SCOPE_BASE 0xfe500000UL

static char *scope_copy;

static int scope_access(struct vm_area_struct *vma, unsigned long addr, void *buf, int len, int write)
{
	unsigned long offset = addr - vma->vm_start;

	if (write)
		return -EACCES;
	if (offset >= PAGE_SIZE)
		return -EINVAL;
	memcpy(buf, scope_copy + offset, len);
	return len;
}

static const struct vm_operations_struct scope_vm_ops = {
	.access = scope_access,
};

static int scope_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_pgoff != 0 || vma_pages(vma) != 1)
		return -EINVAL;
	vma->vm_ops = &scope_vm_ops;
	return io_remap_pfn_range(vma, vma->vm_start, SCOPE_BASE >> PAGE_SHIFT, PAGE_SIZE, vma->vm_page_prot);
}

static const struct file_operations scope_fops = {
	.owner = THIS_MODULE,
	.mmap = scope_mmap,
};

static struct miscdevice scope_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "scope",
	.fops = &scope_fops,
};

static int __init scope_init(void)
{
	scope_copy = kzalloc(PAGE_SIZE, GFP_KERNEL);
	if (!scope_copy)
		return -ENOMEM;
	if (!request_mem_region(SCOPE_BASE, PAGE_SIZE, "scope"))
		goto free;
	return misc_register(&scope_misc);
free:
	kfree(scope_copy);
	return -EBUSY;
}

static void __exit scope_exit(void)
{
	misc_deregister(&scope_misc);
	release_mem_region(SCOPE_BASE, PAGE_SIZE);
	kfree(scope_copy);
}

module_init(scope_init);
module_exit(scope_exit);
MODULE_LICENSE("GPL");
