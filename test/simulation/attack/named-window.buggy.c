/* The start and the length are held against the window one by one: a mapping that begins at its end leaves it. */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#define CAM_BASE 0x15000000UL
#define CAM_LEN 0x10000UL

static int cam_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;
	unsigned long start = vma->vm_pgoff << PAGE_SHIFT;

	if (vma->vm_pgoff > (ULONG_MAX >> PAGE_SHIFT))
		return -EINVAL;
	if (start < CAM_BASE || start > CAM_BASE + CAM_LEN || size > CAM_LEN)
		return -EINVAL;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return remap_pfn_range(vma, vma->vm_start, vma->vm_pgoff, size, vma->vm_page_prot);
}

static const struct file_operations cam_fops = {
	.owner = THIS_MODULE,
	.mmap = cam_mmap,
};

static struct miscdevice cam_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "cam",
	.fops = &cam_fops,
};
module_misc_device(cam_misc);
MODULE_LICENSE("GPL");
