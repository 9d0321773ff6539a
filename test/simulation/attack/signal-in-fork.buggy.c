// SPDX-License-Identifier: MIT
/* The open function of a mapping waits for a lock until a signal comes, and cannot say that it has not counted. */
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>

static DEFINE_MUTEX(board_lock);
static struct page *board_page;
static unsigned int board_users;

static int board_use(void)
{
	int ret = mutex_lock_interruptible(&board_lock);

	if (ret)
		return ret;
	board_users++;
	mutex_unlock(&board_lock);
	return 0;
}

static void board_vm_open(struct vm_area_struct *vma)
{
	board_use();
}

static void board_vm_close(struct vm_area_struct *vma)
{
	mutex_lock(&board_lock);
	if (!WARN_ON(board_users == 0))
		board_users--;
	mutex_unlock(&board_lock);
}

static const struct vm_operations_struct board_vm_ops = {
	.open = board_vm_open,
	.close = board_vm_close,
};

static int board_mmap(struct file *file, struct vm_area_struct *vma)
{
	int ret;

	if (vma->vm_pgoff || vma_pages(vma) != 1)
		return -EINVAL;
	ret = vm_insert_page(vma, vma->vm_start, board_page);
	if (ret)
		return ret;
	ret = board_use();
	if (ret)
		return ret;
	vma->vm_ops = &board_vm_ops;
	return 0;
}

static const struct file_operations board_fops = {
	.owner = THIS_MODULE,
	.mmap = board_mmap,
};

static struct miscdevice board_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "board",
	.fops = &board_fops,
};

static int __init board_init(void)
{
	board_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!board_page)
		return -ENOMEM;
	return misc_register(&board_misc);
}

static void __exit board_exit(void)
{
	misc_deregister(&board_misc);
	__free_page(board_page);
}

module_init(board_init);
module_exit(board_exit);
MODULE_LICENSE("GPL");
