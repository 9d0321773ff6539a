// kernel: 6.12
/* The whole window or nothing. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>

struct codec {
	struct mutex lock;
	phys_addr_t phys;
	size_t size;
	bool powered;
};

static int codec_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct codec *codec = file->private_data;
	size_t length = vma->vm_end - vma->vm_start;
	int ret = -EINVAL;

	mutex_lock(&codec->lock);
	if (!codec->powered) {
		ret = -ENODEV;
		goto out;
	}
	if (length != codec->size || vma->vm_pgoff)
		goto out;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	ret = io_remap_pfn_range(vma, vma->vm_start, codec->phys >> PAGE_SHIFT, length, vma->vm_page_prot);
out:
	mutex_unlock(&codec->lock);
	return ret;
}

static const struct file_operations codec_fops = {
	.owner = THIS_MODULE,
	.mmap = codec_mmap,
};
