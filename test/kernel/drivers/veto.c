// SPDX-License-Identifier: MIT
/*
 * Refuses changes of its vma by the bits of the offset: 1 may_split gives EINVAL, 2 mprotect gives EACCES, 4 mremap gives
 * EPERM. Pages come by fault.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap, count_open, count_close, count_may_split, count_mremap, count_mprotect, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);
module_param(count_may_split, uint, 0444);
module_param(count_mremap, uint, 0444);
module_param(count_mprotect, uint, 0444);
module_param(count_fault, uint, 0444);

static struct page *veto_page;

static vm_fault_t veto_fault(struct vm_fault *vmf)
{
	count_fault++;
	vmf->page = veto_page;
	get_page(vmf->page);
	return 0;
}

static void veto_open(struct vm_area_struct *vma)
{
	count_open++;
}

static void veto_close(struct vm_area_struct *vma)
{
	count_close++;
}

static int veto_may_split(struct vm_area_struct *vma, unsigned long address)
{
	count_may_split++;
	return (unsigned long)vma->vm_private_data & 1 ? -EINVAL : 0;
}

static int veto_mprotect(struct vm_area_struct *vma, unsigned long start, unsigned long end, unsigned long flags)
{
	count_mprotect++;
	return (unsigned long)vma->vm_private_data & 2 ? -EACCES : 0;
}

static int veto_mremap(struct vm_area_struct *vma)
{
	count_mremap++;
	return (unsigned long)vma->vm_private_data & 4 ? -EPERM : 0;
}

static const struct vm_operations_struct veto_vm_ops = {
	.open = veto_open,
	.close = veto_close,
	.may_split = veto_may_split,
	.mprotect = veto_mprotect,
	.mremap = veto_mremap,
	.fault = veto_fault,
};

static int veto_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma->vm_private_data = (void *)vma->vm_pgoff;
	vma->vm_ops = &veto_vm_ops;
	return 0;
}

static const struct file_operations veto_fops = {
	.owner = THIS_MODULE,
	.mmap = veto_mmap,
};

static struct miscdevice veto_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "veto",
	.fops = &veto_fops,
};

static int __init veto_init(void)
{
	veto_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!veto_page)
		return -ENOMEM;
	return misc_register(&veto_device);
}
module_init(veto_init);

static void __exit veto_exit(void)
{
	misc_deregister(&veto_device);
	__free_page(veto_page);
}
module_exit(veto_exit);

MODULE_DESCRIPTION("Refuses changes of its vma by the bits of the offset");
MODULE_LICENSE("GPL");
