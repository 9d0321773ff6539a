// SPDX-License-Identifier: MIT
/* A table that the argument points to is loaded, unless the memory that it replaces is mapped. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#define MIXER_LOAD _IOW('M', 1, struct mixer_table)
#define MIXER_MAX_STEPS 64

struct mixer_step {
	__u32 channel;
	__u32 level;
};

struct mixer_table {
	__u32 version;
	__u32 count;
	__u64 steps;
};

struct mixer {
	struct mutex lock;
	void *memory;
	int mappings;
};

static void mixer_vma_open(struct vm_area_struct *vma)
{
	struct mixer *mixer = vma->vm_private_data;

	mutex_lock(&mixer->lock);
	mixer->mappings++;
	mutex_unlock(&mixer->lock);
}

static void mixer_vma_close(struct vm_area_struct *vma)
{
	struct mixer *mixer = vma->vm_private_data;

	mutex_lock(&mixer->lock);
	mixer->mappings--;
	mutex_unlock(&mixer->lock);
}

static const struct vm_operations_struct mixer_vm_ops = {
	.open = mixer_vma_open,
	.close = mixer_vma_close,
};

static int mixer_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct mixer *mixer = file->private_data;
	int ret = -EINVAL;

	mutex_lock(&mixer->lock);
	if (vma->vm_pgoff == 0 && vma_pages(vma) == 1)
		ret = remap_pfn_range(vma, vma->vm_start, vmalloc_to_pfn(mixer->memory), PAGE_SIZE, vma->vm_page_prot);
	if (ret == 0) {
		vma->vm_private_data = mixer;
		vma->vm_ops = &mixer_vm_ops;
		mixer->mappings++;
	}
	mutex_unlock(&mixer->lock);
	return ret;
}

static int mixer_replace(struct mixer *mixer, const struct mixer_step *steps, unsigned int count)
{
	void *memory;
	int ret = 0;

	memory = vmalloc_user(PAGE_SIZE);
	if (!memory)
		return -ENOMEM;
	memcpy(memory, steps, count * sizeof(*steps));
	mutex_lock(&mixer->lock);
	if (mixer->mappings) {
		ret = -EBUSY;
		vfree(memory);
		goto out;
	}
	vfree(mixer->memory);
	mixer->memory = memory;
out:
	mutex_unlock(&mixer->lock);
	return ret;
}

static long mixer_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct mixer_table table;
	struct mixer_step *steps;
	int ret;

	if (cmd != MIXER_LOAD)
		return -ENOTTY;
	if (copy_from_user(&table, (void __user *)arg, sizeof(table)))
		return -EFAULT;
	if (table.version != 3 || table.count == 0 || table.count > MIXER_MAX_STEPS)
		return -EINVAL;
	steps = kcalloc(table.count, sizeof(*steps), GFP_KERNEL);
	if (!steps)
		return -ENOMEM;
	ret = -EFAULT;
	if (!copy_from_user(steps, u64_to_user_ptr(table.steps), table.count * sizeof(*steps)))
		ret = mixer_replace(file->private_data, steps, table.count);
	kfree(steps);
	return ret;
}

static int mixer_open(struct inode *inode, struct file *file)
{
	struct mixer *mixer = kzalloc(sizeof(*mixer), GFP_KERNEL);

	if (!mixer)
		return -ENOMEM;
	mutex_init(&mixer->lock);
	mixer->memory = vmalloc_user(PAGE_SIZE);
	if (!mixer->memory) {
		kfree(mixer);
		return -ENOMEM;
	}
	file->private_data = mixer;
	return 0;
}

static int mixer_release(struct inode *inode, struct file *file)
{
	struct mixer *mixer = file->private_data;

	vfree(mixer->memory);
	kfree(mixer);
	return 0;
}

static const struct file_operations mixer_fops = {
	.owner = THIS_MODULE,
	.open = mixer_open,
	.release = mixer_release,
	.mmap = mixer_mmap,
	.unlocked_ioctl = mixer_ioctl,
};

static struct miscdevice mixer_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "mixer",
	.fops = &mixer_fops,
};

module_misc_device(mixer_misc);
MODULE_LICENSE("GPL");
