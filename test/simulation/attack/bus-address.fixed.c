// SPDX-License-Identifier: MIT
/* A log for the device, mapped by the call that knows where its memory lies. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/dma-mapping.h>

#define LOG_BYTES (16 * PAGE_SIZE)

struct logger {
	struct device *dev;
	void *log;
	dma_addr_t log_dma;
};

static int logger_open(struct inode *inode, struct file *file)
{
	struct logger *logger = kzalloc(sizeof(*logger), GFP_KERNEL);

	if (!logger)
		return -ENOMEM;
	logger->log = dma_alloc_coherent(logger->dev, LOG_BYTES, &logger->log_dma, GFP_KERNEL);
	if (!logger->log) {
		kfree(logger);
		return -ENOMEM;
	}
	file->private_data = logger;
	return 0;
}

static int logger_release(struct inode *inode, struct file *file)
{
	struct logger *logger = file->private_data;

	dma_free_coherent(logger->dev, LOG_BYTES, logger->log, logger->log_dma);
	kfree(logger);
	return 0;
}

static int logger_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct logger *logger = file->private_data;

	if (vma->vm_pgoff || vma->vm_end - vma->vm_start != LOG_BYTES || !(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	return dma_mmap_coherent(logger->dev, vma, logger->log, logger->log_dma, LOG_BYTES);
}

static const struct file_operations logger_fops = {
	.owner = THIS_MODULE,
	.open = logger_open,
	.release = logger_release,
	.mmap = logger_mmap,
};

static struct miscdevice logger_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "logger",
	.fops = &logger_fops,
};

module_misc_device(logger_misc);
MODULE_LICENSE("GPL");
