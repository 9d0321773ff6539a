// SPDX-License-Identifier: MIT
/* Memory for a new vma is taken without looking whether there was any. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

struct visit {
	unsigned long pages;
};

static void visit_vma_close(struct vm_area_struct *vma)
{
	kfree(vma->vm_private_data);
	vma->vm_private_data = NULL;
}

static void visit_vma_open(struct vm_area_struct *vma)
{
	struct visit *visit = kzalloc(sizeof(*visit), GFP_KERNEL);

	visit->pages = vma_pages(vma);
	vma->vm_private_data = visit;
}

static vm_fault_t visit_fault(struct vm_fault *vmf)
{
	return VM_FAULT_SIGBUS;
}

static const struct vm_operations_struct visit_vm_ops = {
	.open = visit_vma_open,
	.close = visit_vma_close,
	.fault = visit_fault,
};

static int visit_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_ops = &visit_vm_ops;
	visit_vma_open(vma);
	return 0;
}

static const struct file_operations visit_fops = {
	.owner = THIS_MODULE,
	.mmap = visit_mmap,
};

static struct miscdevice visit_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "visit",
	.fops = &visit_fops,
};

module_misc_device(visit_misc);
MODULE_LICENSE("GPL");
