/* Only the administrator may write, but mprotect() asks nobody again. */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#define GAUGE_BASE 0xfe300000UL

static int gauge_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_pgoff != 0 || vma_pages(vma) != 1 || !(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	if (vma->vm_flags & VM_WRITE)
		return -EPERM;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, GAUGE_BASE >> PAGE_SHIFT, PAGE_SIZE, vma->vm_page_prot);
}

static const struct file_operations gauge_fops = {
	.owner = THIS_MODULE,
	.mmap = gauge_mmap,
};

static struct miscdevice gauge_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "gauge",
	.fops = &gauge_fops,
};

static int __init gauge_init(void)
{
	if (!request_mem_region(GAUGE_BASE, PAGE_SIZE, "gauge"))
		return -EBUSY;
	return misc_register(&gauge_misc);
}

static void __exit gauge_exit(void)
{
	misc_deregister(&gauge_misc);
	release_mem_region(GAUGE_BASE, PAGE_SIZE);
}

module_init(gauge_init);
module_exit(gauge_exit);
MODULE_LICENSE("GPL");
