/* vmf_insert_page() takes an entry that is there already for what it is: the work of another thread. */
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static struct page *table_page;

static vm_fault_t table_fault(struct vm_fault *vmf)
{
	if (vmf->pgoff != 0)
		return VM_FAULT_SIGBUS;
	return vmf_insert_page(vmf->vma, vmf->address, table_page);
}

static const struct vm_operations_struct table_vm_ops = {
	.fault = table_fault,
};

static int table_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_pgoff != 0 || vma_pages(vma) != 1)
		return -EINVAL;
	vm_flags_set(vma, VM_MIXEDMAP | VM_DONTEXPAND);
	vma->vm_ops = &table_vm_ops;
	return 0;
}

static const struct file_operations table_fops = {
	.owner = THIS_MODULE,
	.mmap = table_mmap,
};

static struct miscdevice table_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "table",
	.fops = &table_fops,
};

static int __init table_init(void)
{
	int err;

	table_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!table_page)
		return -ENOMEM;
	err = misc_register(&table_misc);
	if (err)
		__free_page(table_page);
	return err;
}

static void __exit table_exit(void)
{
	misc_deregister(&table_misc);
	__free_page(table_page);
}

module_init(table_init);
module_exit(table_exit);
MODULE_LICENSE("GPL");
