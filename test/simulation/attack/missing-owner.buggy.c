/* The file operations have no owner: the module can be removed while it is mapped, and munmap(2) calls into nothing. */
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

static struct page *gate_page;

static void gate_vma_close(struct vm_area_struct *vma)
{
	pr_info("gate: unmapped\n");
}

static const struct vm_operations_struct gate_vm_ops = {
	.close = gate_vma_close,
};

static int gate_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_pgoff != 0 || vma_pages(vma) != 1)
		return -EINVAL;
	vma->vm_ops = &gate_vm_ops;
	return vm_insert_page(vma, vma->vm_start, gate_page);
}

static const struct file_operations gate_fops = {
	.mmap = gate_mmap,
};

static struct miscdevice gate_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "gate",
	.fops = &gate_fops,
};

static int __init gate_init(void)
{
	gate_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!gate_page)
		return -ENOMEM;
	return misc_register(&gate_misc);
}

static void __exit gate_exit(void)
{
	misc_deregister(&gate_misc);
	__free_page(gate_page);
}

module_init(gate_init);
module_exit(gate_exit);
MODULE_LICENSE("GPL");
