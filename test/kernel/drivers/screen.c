// SPDX-License-Identifier: MIT
/*
 * A screen in vmalloc memory: pages come by fault, the first store to one marks it dirty, and a delayed work copies dirty pages to a shadow. ioctl
 * 0x101 has the work run now, 0x102 gives the number of dirty pages, 0x103 N the first word of page N of the shadow, 0x104 stops the work.
 */
#include <linux/bitmap.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

static unsigned int count_mmap, count_fault, count_page_mkwrite;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_page_mkwrite, uint, 0444);

#define SCREEN_WIDTH 64
#define SCREEN_HEIGHT 40
#define SCREEN_BYTES (SCREEN_WIDTH * SCREEN_HEIGHT * sizeof(u32))
#define SCREEN_PAGES DIV_ROUND_UP(SCREEN_BYTES, PAGE_SIZE)

static u8 *screen_memory, *screen_shadow;
static DECLARE_BITMAP(screen_dirty, SCREEN_PAGES);
static DEFINE_MUTEX(screen_lock);
static unsigned int screen_updates;

static void screen_update(struct work_struct *work)
{
	unsigned int page;

	mutex_lock(&screen_lock);
	for_each_set_bit(page, screen_dirty, SCREEN_PAGES) {
		memcpy(screen_shadow + page * PAGE_SIZE, screen_memory + page * PAGE_SIZE, PAGE_SIZE);
		clear_bit(page, screen_dirty);
	}
	screen_updates++;
	mutex_unlock(&screen_lock);
}
static DECLARE_DELAYED_WORK(screen_work, screen_update);

static vm_fault_t screen_fault(struct vm_fault *vmf)
{
	struct page *page;

	count_fault++;
	if (vmf->pgoff >= SCREEN_PAGES)
		return VM_FAULT_SIGBUS;
	page = vmalloc_to_page(screen_memory + (vmf->pgoff << PAGE_SHIFT));
	if (!page)
		return VM_FAULT_SIGBUS;
	get_page(page);
	vmf->page = page;
	return 0;
}

static vm_fault_t screen_page_mkwrite(struct vm_fault *vmf)
{
	count_page_mkwrite++;
	mutex_lock(&screen_lock);
	set_bit(vmf->pgoff, screen_dirty);
	mutex_unlock(&screen_lock);
	lock_page(vmf->page);
	schedule_delayed_work(&screen_work, 3600 * HZ);
	return VM_FAULT_LOCKED;
}

static const struct vm_operations_struct screen_vm_ops = {
	.fault = screen_fault,
	.page_mkwrite = screen_page_mkwrite,
};

static int screen_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (vma->vm_pgoff + vma_pages(vma) > SCREEN_PAGES)
		return -EINVAL;
	vma->vm_ops = &screen_vm_ops;
	return 0;
}

static loff_t screen_llseek(struct file *file, loff_t offset, int whence)
{
	return fixed_size_llseek(file, offset, whence, SCREEN_BYTES);
}

static ssize_t screen_read(struct file *file, char __user *to, size_t length, loff_t *position)
{
	return simple_read_from_buffer(to, length, position, screen_memory, SCREEN_BYTES);
}

static ssize_t screen_write(struct file *file, const char __user *from, size_t length, loff_t *position)
{
	loff_t start = *position;
	ssize_t done = simple_write_to_buffer(screen_memory, SCREEN_BYTES, position, from, length);

	if (done > 0) {
		mutex_lock(&screen_lock);
		bitmap_set(screen_dirty, start >> PAGE_SHIFT, ((*position - 1) >> PAGE_SHIFT) - (start >> PAGE_SHIFT) + 1);
		mutex_unlock(&screen_lock);
		mod_delayed_work(system_wq, &screen_work, 3600 * HZ);
	}
	return done;
}

static long screen_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	switch (command) {
	case 0x101:
		flush_delayed_work(&screen_work);
		return screen_updates;
	case 0x102:
		return bitmap_weight(screen_dirty, SCREEN_PAGES);
	case 0x103:
		if (argument >= SCREEN_PAGES)
			return -ERANGE;
		return *(u32 *)(screen_shadow + argument * PAGE_SIZE) & INT_MAX;
	case 0x104:
		return cancel_delayed_work_sync(&screen_work);
	case 0x105:
		return delayed_work_pending(&screen_work);
	}
	return -ENOTTY;
}

static const struct file_operations screen_fops = {
	.owner = THIS_MODULE,
	.llseek = screen_llseek,
	.read = screen_read,
	.write = screen_write,
	.unlocked_ioctl = screen_ioctl,
	.mmap = screen_mmap,
};

static struct miscdevice screen_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "screen",
	.fops = &screen_fops,
};

static int __init screen_init(void)
{
	int err = -ENOMEM;

	screen_memory = vzalloc(SCREEN_PAGES << PAGE_SHIFT);
	screen_shadow = vzalloc(SCREEN_PAGES << PAGE_SHIFT);
	if (screen_memory && screen_shadow)
		err = misc_register(&screen_device);
	if (err) {
		vfree(screen_memory);
		vfree(screen_shadow);
	}
	return err;
}
module_init(screen_init);

static void __exit screen_exit(void)
{
	misc_deregister(&screen_device);
	cancel_delayed_work_sync(&screen_work);
	vfree(screen_memory);
	vfree(screen_shadow);
}
module_exit(screen_exit);

MODULE_DESCRIPTION("A screen with deferred updates");
MODULE_LICENSE("GPL");
