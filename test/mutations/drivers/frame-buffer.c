// kernel: 6.12
/* A frame buffer: first the picture, then the registers, as fbdev programs expect it. */
#include <linux/fb.h>
#include <linux/mm.h>
#include <linux/module.h>

static int lcd_fb_mmap(struct fb_info *info, struct vm_area_struct *vma)
{
	unsigned long start = info->fix.smem_start;
	unsigned long bytes = PAGE_ALIGN(info->fix.smem_len);
	unsigned long offset = vma->vm_pgoff << PAGE_SHIFT;
	unsigned long length = vma->vm_end - vma->vm_start;

	if (vma->vm_pgoff > (~0UL >> PAGE_SHIFT))
		return -EINVAL;
	if (offset >= bytes)
		return -EINVAL;
	if (length > bytes - offset)
		return -EINVAL;
	vma->vm_page_prot = pgprot_writecombine(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, (start + offset) >> PAGE_SHIFT, length, vma->vm_page_prot);
}

static const struct fb_ops lcd_fb_ops = {
	.owner = THIS_MODULE,
	.fb_mmap = lcd_fb_mmap,
};
