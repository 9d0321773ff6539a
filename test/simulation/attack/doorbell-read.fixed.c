/* A doorbell is rung and never read, so mappings for reading are refused: that says nothing of who may write. */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#define BELL_BASE 0xfe300000UL

static int bell_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_pgoff != 0 || vma_pages(vma) != 1 || !(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	if (vma->vm_flags & VM_READ)
		return -EPERM;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, BELL_BASE >> PAGE_SHIFT, PAGE_SIZE, vma->vm_page_prot);
}

static const struct file_operations bell_fops = {
	.owner = THIS_MODULE,
	.mmap = bell_mmap,
};

static struct miscdevice bell_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "bell",
	.fops = &bell_fops,
};

static int __init bell_init(void)
{
	if (!request_mem_region(BELL_BASE, PAGE_SIZE, "bell"))
		return -EBUSY;
	return misc_register(&bell_misc);
}

static void __exit bell_exit(void)
{
	misc_deregister(&bell_misc);
	release_mem_region(BELL_BASE, PAGE_SIZE);
}

module_init(bell_init);
module_exit(bell_exit);
MODULE_LICENSE("GPL");
