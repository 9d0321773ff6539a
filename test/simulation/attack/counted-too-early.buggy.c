/* The mapping is counted before it is made, and stays counted where it is not made: close is never called for it. */
#include <linux/atomic.h>
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#define PROBE_BASE 0xfe400000UL

static int probe_mappings;

static void probe_open_vma(struct vm_area_struct *vma)
{
	probe_mappings++;
}

static void probe_close_vma(struct vm_area_struct *vma)
{
	probe_mappings--;
}

static const struct vm_operations_struct probe_vm_ops = {
	.open = probe_open_vma,
	.close = probe_close_vma,
};

static int probe_mmap(struct file *file, struct vm_area_struct *vma)
{
	int err;

	if (vma->vm_pgoff != 0 || vma_pages(vma) != 1)
		return -EINVAL;
	probe_mappings++;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	vma->vm_ops = &probe_vm_ops;
	err = vm_iomap_memory(vma, PROBE_BASE, PAGE_SIZE);
	return err;
}

static const struct file_operations probe_fops = {
	.owner = THIS_MODULE,
	.mmap = probe_mmap,
};

static struct miscdevice probe_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "probe",
	.fops = &probe_fops,
};

static int __init probe_init(void)
{
	if (!request_mem_region(PROBE_BASE, PAGE_SIZE, "probe"))
		return -EBUSY;
	return misc_register(&probe_misc);
}

static void __exit probe_exit(void)
{
	misc_deregister(&probe_misc);
	release_mem_region(PROBE_BASE, PAGE_SIZE);
}

module_init(probe_init);
module_exit(probe_exit);
MODULE_LICENSE("GPL");
