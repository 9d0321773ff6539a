// SPDX-License-Identifier: MIT
/* A frame buffer: 320x200 bytes in vmalloc memory, mapped page by page; write() draws, ioctl fills rectangles, scrolls and turns the picture off. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "compat.h"

static unsigned int count_mmap, count_close, count_open;
module_param(count_mmap, uint, 0444);
module_param(count_close, uint, 0444);
module_param(count_open, uint, 0444);

#define WIDTH 320
#define HEIGHT 200
#define FB_SIZE PAGE_ALIGN(WIDTH * HEIGHT)

struct rect {
	__u16 x, y, w, h;
	__u8 color;
};

#define FB_FILL _IOW('F', 0x10, struct rect)
#define FB_SCROLL _IO('F', 0x11)
#define FB_BLANK _IO('F', 0x12)
#define FB_GETPIXEL _IOR('F', 0x13, __u32)

static u8 *screen;
static int mapped;
static bool blanked;

static void fb_vm_open(struct vm_area_struct *vma)
{
	count_open++;
	mapped++;
}

static void fb_vm_close(struct vm_area_struct *vma)
{
	count_close++;
	if (--mapped == 0)
		blanked = false;
}

static const struct vm_operations_struct fb_vm_ops = {
	.open = fb_vm_open,
	.close = fb_vm_close,
};

static int fb_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long start = vma->vm_start;
	unsigned long size = vma->vm_end - vma->vm_start;
	unsigned long offset = vma->vm_pgoff << PAGE_SHIFT;
	u8 *pos;

	count_mmap++;
	if (vma->vm_pgoff > (~0UL >> PAGE_SHIFT))
		return -EINVAL;
	if (size > FB_SIZE)
		return -EINVAL;
	if (offset > FB_SIZE - size)
		return -EINVAL;
	pos = screen + offset;
	while (size > 0) {
		unsigned long page = vmalloc_to_pfn(pos);

		if (remap_pfn_range(vma, start, page, PAGE_SIZE, PAGE_SHARED))
			return -EAGAIN;
		start += PAGE_SIZE;
		pos += PAGE_SIZE;
		if (size > PAGE_SIZE)
			size -= PAGE_SIZE;
		else
			size = 0;
	}
	vma->vm_ops = &fb_vm_ops;
	fb_vm_open(vma);
	return 0;
}

static ssize_t fb_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	loff_t p = *ppos;
	int err = 0;

	if (p > WIDTH * HEIGHT)
		return -EFBIG;
	if (count > WIDTH * HEIGHT) {
		err = -EFBIG;
		count = WIDTH * HEIGHT;
	}
	if (count + p > WIDTH * HEIGHT) {
		if (!err)
			err = -ENOSPC;
		count = WIDTH * HEIGHT - p;
	}
	if (copy_from_user(screen + p, buf, count))
		return -EFAULT;
	*ppos += count;
	return count ? count : err;
}

static ssize_t fb_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	loff_t p = *ppos;

	if (p >= WIDTH * HEIGHT)
		return 0;
	if (count > WIDTH * HEIGHT - p)
		count = WIDTH * HEIGHT - p;
	if (blanked)
		return clear_user(buf, count) ? -EFAULT : count;
	if (copy_to_user(buf, screen + p, count))
		return -EFAULT;
	*ppos += count;
	return count;
}

static int fb_fill(const struct rect *r)
{
	int y;

	if (r->x + r->w > WIDTH || r->y + r->h > HEIGHT)
		return -EINVAL;
	for (y = r->y; y < r->y + r->h; y++)
		memset(&screen[y * WIDTH + r->x], r->color, r->w);
	return r->w * r->h;
}

static long fb_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	void __user *argp = (void __user *)arg;
	struct rect r;
	u32 at;

	switch (cmd) {
	case FB_FILL:
		if (copy_from_user(&r, argp, sizeof(r)))
			return -EFAULT;
		return fb_fill(&r);
	case FB_SCROLL:
		if (arg >= HEIGHT)
			return -EINVAL;
		memmove(screen, screen + arg * WIDTH, (HEIGHT - arg) * WIDTH);
		memset(screen + (HEIGHT - arg) * WIDTH, 0, arg * WIDTH);
		return 0;
	case FB_BLANK:
		blanked = !!arg;
		return mapped;
	case FB_GETPIXEL:
		if (get_user(at, (u32 __user *)argp))
			return -EFAULT;
		if (at >= WIDTH * HEIGHT)
			return -EDOM;
		return put_user((u32)screen[at], (u32 __user *)argp);
	}
	return -ENOTTY;
}

static const struct file_operations fb_fops = {
	.owner = THIS_MODULE,
	.read = fb_read,
	.write = fb_write,
	.llseek = default_llseek,
	.unlocked_ioctl = fb_ioctl,
	.mmap = fb_mmap,
};

static struct miscdevice fb_misc = { MISC_DYNAMIC_MINOR, "fb-plain", &fb_fops };

static int __init fb_init(void)
{
	int i;

	screen = vmalloc_32(FB_SIZE);
	if (!screen)
		return -ENOMEM;
	memset(screen, 0, FB_SIZE);
	for (i = 0; i < HEIGHT; i += 8)
		screen[i * WIDTH + i] = i;
	return misc_register(&fb_misc);
}

static void __exit fb_exit(void)
{
	misc_deregister(&fb_misc);
	vfree(screen);
}
module_init(fb_init);
module_exit(fb_exit);
MODULE_LICENSE("GPL");
