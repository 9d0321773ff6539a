/* An ioctl frees the buffer while programs have it mapped. */
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

#define CARD_FREE _IO('C', 1)

static DEFINE_MUTEX(card_lock);
static unsigned long card_buffer;
static int card_mappings;

static void card_vma_open(struct vm_area_struct *vma)
{
	mutex_lock(&card_lock);
	card_mappings++;
	mutex_unlock(&card_lock);
}

static void card_vma_close(struct vm_area_struct *vma)
{
	mutex_lock(&card_lock);
	card_mappings--;
	mutex_unlock(&card_lock);
}

static const struct vm_operations_struct card_vm_ops = {
	.open = card_vma_open,
	.close = card_vma_close,
};

static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	int ret = -ENXIO;

	if (vma->vm_pgoff != 0 || vma_pages(vma) != 1)
		return -EINVAL;
	mutex_lock(&card_lock);
	if (card_buffer)
		ret = remap_pfn_range(vma, vma->vm_start, virt_to_phys((void *)card_buffer) >> PAGE_SHIFT, PAGE_SIZE,
				      vma->vm_page_prot);
	if (ret == 0) {
		vma->vm_ops = &card_vm_ops;
		card_mappings++;
	}
	mutex_unlock(&card_lock);
	return ret;
}

static long card_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	long ret = 0;

	switch (cmd) {
	case CARD_FREE:
		mutex_lock(&card_lock);
		if (!card_buffer) {
			ret = -EBUSY;
		} else if (card_buffer) {
			free_page(card_buffer);
			card_buffer = 0;
		}
		mutex_unlock(&card_lock);
		return ret;
	default:
		return -ENOTTY;
	}
}

static const struct file_operations card_fops = {
	.owner = THIS_MODULE,
	.mmap = card_mmap,
	.unlocked_ioctl = card_ioctl,
};

static struct miscdevice card_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "card",
	.fops = &card_fops,
};

static int __init card_init(void)
{
	card_buffer = get_zeroed_page(GFP_KERNEL);
	if (!card_buffer)
		return -ENOMEM;
	return misc_register(&card_misc);
}

static void __exit card_exit(void)
{
	misc_deregister(&card_misc);
	if (card_buffer)
		free_page(card_buffer);
}

module_init(card_init);
module_exit(card_exit);
MODULE_LICENSE("GPL");
