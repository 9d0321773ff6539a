// SPDX-License-Identifier: MIT
/*
 * Hands its vma over to another file, an anonymous inode that it keeps: for offsets below 16 before it sets its
 * operations, above without any operations. unmap_mapping_range of the device then finds nothing, that of the other file
 * does: ioctl 1 and 2.
 */
#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

static struct file *other_file_other;
static struct page *other_file_page;

static vm_fault_t other_file_fault(struct vm_fault *vmf)
{
	count_fault++;
	if (vmf->vma->vm_file != other_file_other)
		return VM_FAULT_SIGBUS;
	vmf->page = other_file_page;
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct other_file_vm_ops = {
	.fault = other_file_fault,
};

static int other_file_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	vma_set_file(vma, other_file_other);
	if (vma->vm_pgoff < 16)
		vma->vm_ops = &other_file_vm_ops;
	return 0;
}

static long other_file_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	if (command == 1)
		unmap_mapping_range(file->f_mapping, 0, 0, 1);
	else if (command == 2)
		unmap_mapping_range(other_file_other->f_mapping, 0, 0, 1);
	else
		return -ENOTTY;
	return 0;
}

static const struct file_operations other_file_other_fops = {
	.owner = THIS_MODULE,
};

static const struct file_operations other_file_fops = {
	.owner = THIS_MODULE,
	.mmap = other_file_mmap,
	.unlocked_ioctl = other_file_ioctl,
};

static struct miscdevice other_file_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "other-file",
	.fops = &other_file_fops,
};

static int __init other_file_init(void)
{
	other_file_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!other_file_page)
		return -ENOMEM;
	*(u32 *)page_address(other_file_page) = 0x07e4;
	other_file_other = anon_inode_getfile("oracle", &other_file_other_fops, NULL, O_RDWR);
	if (IS_ERR(other_file_other))
		return PTR_ERR(other_file_other);
	return misc_register(&other_file_device);
}
module_init(other_file_init);

static void __exit other_file_exit(void)
{
	misc_deregister(&other_file_device);
	fput(other_file_other);
	__free_page(other_file_page);
}
module_exit(other_file_exit);

MODULE_DESCRIPTION("Hands its vma over to another file, an anonymous inode that it keeps");
MODULE_LICENSE("GPL");
