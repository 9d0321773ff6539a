/* The fault handler calls remap_pfn_range, which changes vm_flags under a lock that only allows reading. */
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

#define BELL_BASE 0xfe100000UL

static vm_fault_t bell_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;

	if (vmf->pgoff != 0)
		return VM_FAULT_SIGBUS;
	if (remap_pfn_range(vma, vmf->address & PAGE_MASK, BELL_BASE >> PAGE_SHIFT, PAGE_SIZE, vma->vm_page_prot))
		return VM_FAULT_SIGBUS;
	return VM_FAULT_NOPAGE;
}

static const struct vm_operations_struct bell_vm_ops = {
	.fault = bell_fault,
};

static int bell_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_pgoff != 0 || vma_pages(vma) != 1 || !(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	vma->vm_ops = &bell_vm_ops;
	return 0;
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
