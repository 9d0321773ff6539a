// SPDX-License-Identifier: MIT
/* A device with four regions as userspace I/O has them: the page offset chooses the region, each region has its kind of memory and its own handler. */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "compat.h"

static unsigned int count_mmap, count_fault, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

enum { REGION_NONE, REGION_PHYS, REGION_LOGICAL, REGION_VIRTUAL };

struct region {
	const char *name;
	unsigned long addr;
	resource_size_t size;
	int kind;
};

struct lite_info {
	struct region mem[5];
	s32 irq_on;
	atomic_t events;
	int vmas;
};

static struct lite_info *info;

static int find_region(struct vm_area_struct *vma)
{
	struct lite_info *idev = vma->vm_private_data;

	if (vma->vm_pgoff < 5) {
		if (idev->mem[vma->vm_pgoff].size == 0)
			return -1;
		return (int)vma->vm_pgoff;
	}
	return -1;
}

static void lite_vma_open(struct vm_area_struct *vma)
{
	struct lite_info *idev = vma->vm_private_data;

	count_open++;
	idev->vmas++;
}

static void lite_vma_close(struct vm_area_struct *vma)
{
	struct lite_info *idev = vma->vm_private_data;

	count_close++;
	idev->vmas--;
}

static vm_fault_t lite_fault(struct vm_fault *vmf)
{
	struct lite_info *idev = vmf->vma->vm_private_data;
	unsigned long offset;
	struct page *page;
	void *addr;
	int mi;

	count_fault++;
	mi = find_region(vmf->vma);
	if (mi < 0)
		return VM_FAULT_SIGBUS;

	offset = (vmf->pgoff - mi) << PAGE_SHIFT;
	addr = (void *)(unsigned long)idev->mem[mi].addr + offset;
	if (idev->mem[mi].kind == REGION_LOGICAL)
		page = virt_to_page(addr);
	else
		page = vmalloc_to_page(addr);
	get_page(page);
	vmf->page = page;
	return 0;
}

static const struct vm_operations_struct lite_logical_ops = {
	.open = lite_vma_open,
	.close = lite_vma_close,
	.fault = lite_fault,
};

static int map_logical(struct vm_area_struct *vma)
{
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_ops = &lite_logical_ops;
	return 0;
}

static int map_physical(struct vm_area_struct *vma, int mi)
{
	struct region *mem = &info->mem[mi];

	if (mem->addr & ~PAGE_MASK)
		return -ENODEV;
	if (vma->vm_end - vma->vm_start > mem->size)
		return -EINVAL;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return remap_pfn_range(vma, vma->vm_start, mem->addr >> PAGE_SHIFT, vma->vm_end - vma->vm_start, vma->vm_page_prot);
}

static int lite_mmap(struct file *filep, struct vm_area_struct *vma)
{
	struct lite_info *idev = filep->private_data;
	unsigned long requested, actual;
	int mi;

	count_mmap++;
	if (vma->vm_end < vma->vm_start)
		return -EINVAL;
	vma->vm_private_data = idev;
	mi = find_region(vma);
	if (mi < 0)
		return -EINVAL;
	requested = vma_pages(vma);
	actual = ((idev->mem[mi].addr & ~PAGE_MASK) + idev->mem[mi].size + PAGE_SIZE - 1) >> PAGE_SHIFT;
	if (requested > actual)
		return -EINVAL;
	switch (idev->mem[mi].kind) {
	case REGION_PHYS:
		return map_physical(vma, mi);
	case REGION_LOGICAL:
	case REGION_VIRTUAL:
		return map_logical(vma);
	default:
		return -EINVAL;
	}
}

static ssize_t lite_read(struct file *filep, char __user *buf, size_t count, loff_t *ppos)
{
	struct lite_info *idev = filep->private_data;
	s32 event_count;

	if (count != sizeof(s32))
		return -EINVAL;
	event_count = atomic_read(&idev->events);
	if (copy_to_user(buf, &event_count, count))
		return -EFAULT;
	return count;
}

static ssize_t lite_write(struct file *filep, const char __user *buf, size_t count, loff_t *ppos)
{
	struct lite_info *idev = filep->private_data;
	s32 irq_on;

	if (count != sizeof(s32))
		return -EINVAL;
	if (copy_from_user(&irq_on, buf, count))
		return -EFAULT;
	idev->irq_on = irq_on;
	if (irq_on)
		atomic_inc(&idev->events);
	return sizeof(s32);
}

static long lite_ioctl(struct file *filep, unsigned int cmd, unsigned long arg)
{
	struct lite_info *idev = filep->private_data;

	switch (cmd) {
	case 0x101:
		return idev->vmas;
	case 0x102:
		if (arg >= ARRAY_SIZE(idev->mem))
			return -ERANGE;
		return put_user((u32)idev->mem[arg].size, (u32 __user *)0x400000) ? -EFAULT : (long)idev->mem[arg].size;
	case 0x103:
		return strlen(idev->mem[arg & 3].name ?: "none");
	}
	return -ENOTTY;
}

static int lite_open(struct inode *inode, struct file *filep)
{
	filep->private_data = info;
	return 0;
}

static const struct file_operations lite_fops = {
	.owner = THIS_MODULE,
	.open = lite_open,
	.read = lite_read,
	.write = lite_write,
	.unlocked_ioctl = lite_ioctl,
	.mmap = lite_mmap,
	.llseek = noop_llseek,
};

static struct miscdevice lite_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "uio-lite",
	.fops = &lite_fops,
};

static int __init lite_init(void)
{
	int ret = -ENOMEM;
	u32 *words;

	info = kzalloc(sizeof(*info), GFP_KERNEL);
	if (!info)
		return -ENOMEM;
	atomic_set(&info->events, 7);
	info->mem[0] = (struct region){ "regs", 0x8000000, 2 * PAGE_SIZE, REGION_PHYS };
	info->mem[1].name = "logical";
	info->mem[1].size = 3 * PAGE_SIZE;
	info->mem[1].kind = REGION_LOGICAL;
	info->mem[1].addr = (unsigned long)alloc_pages_exact(4 * PAGE_SIZE, GFP_KERNEL | __GFP_ZERO);
	if (!info->mem[1].addr)
		goto err_info;
	info->mem[2].name = "virtual";
	info->mem[2].size = 2 * PAGE_SIZE + 100;
	info->mem[2].kind = REGION_VIRTUAL;
	info->mem[2].addr = (unsigned long)vzalloc(info->mem[2].size);
	if (!info->mem[2].addr)
		goto err_pages;
	info->mem[4] = (struct region){ .name = "odd", .addr = 0x8000010, .size = PAGE_SIZE, .kind = REGION_PHYS };
	words = (u32 *)info->mem[1].addr;
	words[1024] = 0x1111;
	words = (u32 *)info->mem[2].addr;
	words[0] = 0x2222;
	words[2048] = 0x3333;
	ret = misc_register(&lite_misc);
	if (!ret)
		return 0;
	vfree((void *)info->mem[2].addr);
err_pages:
	free_pages_exact((void *)info->mem[1].addr, 4 * PAGE_SIZE);
err_info:
	kfree(info);
	return ret;
}

static void __exit lite_exit(void)
{
	misc_deregister(&lite_misc);
	vfree((void *)info->mem[2].addr);
	free_pages_exact((void *)info->mem[1].addr, 4 * PAGE_SIZE);
	kfree(info);
}

module_init(lite_init);
module_exit(lite_exit);
MODULE_LICENSE("GPL");
