/* Private mappings are refused. */
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

#define DOOR_BASE 0xfe000000UL
#define DOOR_SIZE 0x10000UL

static vm_fault_t door_fault(struct vm_fault *vmf)
{
	if (vmf->pgoff >= DOOR_SIZE >> PAGE_SHIFT)
		return VM_FAULT_SIGBUS;
	return vmf_insert_pfn(vmf->vma, vmf->address, (DOOR_BASE >> PAGE_SHIFT) + vmf->pgoff);
}

static const struct vm_operations_struct door_vm_ops = {
	.fault = door_fault,
};

static int door_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (is_cow_mapping(vma->vm_flags))
		return -EINVAL;
	vm_flags_set(vma, VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	vma->vm_ops = &door_vm_ops;
	return 0;
}

static const struct file_operations door_fops = {
	.owner = THIS_MODULE,
	.mmap = door_mmap,
};

static struct miscdevice door_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "door",
	.fops = &door_fops,
};

static int __init door_init(void)
{
	if (!request_mem_region(DOOR_BASE, DOOR_SIZE, "door"))
		return -EBUSY;
	return misc_register(&door_misc);
}

static void __exit door_exit(void)
{
	misc_deregister(&door_misc);
	release_mem_region(DOOR_BASE, DOOR_SIZE);
}

module_init(door_init);
module_exit(door_exit);
MODULE_LICENSE("GPL");
