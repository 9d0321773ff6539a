// SPDX-License-Identifier: MIT
/*
 * Hands its vma over to a file in memory: a shmem file of four pages, made for each mmap (offset below 4) or kept from the
 * first (offset 4 and more).
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/shmem_fs.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

static struct file *other_file_kept;

static int other_file_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct file *other;
	int err;

	count_mmap++;
	if (vma->vm_pgoff >= 4 && other_file_kept) {
		other = get_file(other_file_kept);
	} else {
		other = shmem_file_setup("oracle", 4 * PAGE_SIZE, 0);
		if (IS_ERR(other))
			return PTR_ERR(other);
		if (vma->vm_pgoff >= 4)
			other_file_kept = get_file(other);
	}
	vma->vm_pgoff %= 4;
	vma_set_file(vma, other);
	err = other->f_op->mmap(other, vma);
	fput(other);
	return err;
}

static const struct file_operations other_file_fops = {
	.owner = THIS_MODULE,
	.mmap = other_file_mmap,
};

static struct miscdevice other_file_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "other-file",
	.fops = &other_file_fops,
};

static int __init other_file_init(void)
{
	return misc_register(&other_file_device);
}
module_init(other_file_init);

static void __exit other_file_exit(void)
{
	misc_deregister(&other_file_device);
	if (other_file_kept)
		fput(other_file_kept);
}
module_exit(other_file_exit);

MODULE_DESCRIPTION("Hands its vma over to a file in memory");
MODULE_LICENSE("GPL");
