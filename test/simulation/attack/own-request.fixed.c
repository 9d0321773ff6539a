/* Memory that is mapped cannot be given back. */
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#define BOARD_MAGIC 0x6d617021
#define BOARD_ASK _IOWR('B', 1, struct board_request)
#define BOARD_GIVE_BACK _IOW('B', 2, __u64)

struct board_request {
	__u32 magic;
	__u32 order;
	__u64 handle;
};

struct board {
	struct mutex lock;
	unsigned long memory;
	u64 handle;
	unsigned int order;
	int mappings;
};

static u64 board_next = 0x70000;

static void board_vma_open(struct vm_area_struct *vma)
{
	struct board *board = vma->vm_private_data;

	mutex_lock(&board->lock);
	board->mappings++;
	mutex_unlock(&board->lock);
}

static void board_vma_close(struct vm_area_struct *vma)
{
	struct board *board = vma->vm_private_data;

	mutex_lock(&board->lock);
	board->mappings--;
	mutex_unlock(&board->lock);
}

static const struct vm_operations_struct board_vm_ops = {
	.open = board_vma_open,
	.close = board_vma_close,
};

static int board_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct board *board = file->private_data;
	unsigned long length = vma->vm_end - vma->vm_start;
	int ret = -EINVAL;

	mutex_lock(&board->lock);
	if (board->memory && vma->vm_pgoff == board->handle >> PAGE_SHIFT && length <= PAGE_SIZE << board->order)
		ret = remap_pfn_range(vma, vma->vm_start, virt_to_phys((void *)board->memory) >> PAGE_SHIFT, length,
				      vma->vm_page_prot);
	if (ret == 0) {
		vma->vm_private_data = board;
		vma->vm_ops = &board_vm_ops;
		board->mappings++;
	}
	mutex_unlock(&board->lock);
	return ret;
}

static long board_ask(struct board *board, void __user *arg)
{
	struct board_request request;
	long ret = 0;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.magic != BOARD_MAGIC || request.order > 4)
		return -EINVAL;
	mutex_lock(&board->lock);
	if (board->memory) {
		ret = -EBUSY;
	} else {
		board->memory = __get_free_pages(GFP_KERNEL | __GFP_ZERO, request.order);
		board->order = request.order;
		board->handle = board_next;
		board_next += PAGE_SIZE << request.order;
		if (!board->memory)
			ret = -ENOMEM;
	}
	request.handle = board->handle;
	mutex_unlock(&board->lock);
	if (ret == 0 && copy_to_user(arg, &request, sizeof(request)))
		ret = -EFAULT;
	return ret;
}

static long board_give_back(struct board *board, void __user *arg)
{
	u64 handle;
	long ret = 0;

	if (copy_from_user(&handle, arg, sizeof(handle)))
		return -EFAULT;
	mutex_lock(&board->lock);
	if (!board->memory || handle != board->handle || board->mappings > 0) {
		ret = -EBUSY;
	} else {
		free_pages(board->memory, board->order);
		board->memory = 0;
	}
	mutex_unlock(&board->lock);
	return ret;
}

static long board_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct board *board = file->private_data;

	switch (cmd) {
	case BOARD_ASK:
		return board_ask(board, (void __user *)arg);
	case BOARD_GIVE_BACK:
		return board_give_back(board, (void __user *)arg);
	default:
		return -ENOTTY;
	}
}

static int board_open(struct inode *inode, struct file *file)
{
	struct board *board = kzalloc(sizeof(*board), GFP_KERNEL);

	if (!board)
		return -ENOMEM;
	mutex_init(&board->lock);
	file->private_data = board;
	return 0;
}

static int board_release(struct inode *inode, struct file *file)
{
	struct board *board = file->private_data;

	if (board->memory)
		free_pages(board->memory, board->order);
	kfree(board);
	return 0;
}

static const struct file_operations board_fops = {
	.owner = THIS_MODULE,
	.open = board_open,
	.release = board_release,
	.mmap = board_mmap,
	.unlocked_ioctl = board_ioctl,
};

static struct miscdevice board_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "board",
	.fops = &board_fops,
};

static int __init board_init(void)
{
	return misc_register(&board_misc);
}

static void __exit board_exit(void)
{
	misc_deregister(&board_misc);
}

module_init(board_init);
module_exit(board_exit);
MODULE_LICENSE("GPL");
