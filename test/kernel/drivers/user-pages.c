// SPDX-License-Identifier: MIT
/* Pins pages of the caller and gives them to whoever maps the device; a kernel view of them is made by vmap, sums are told by ioctl. */
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

struct pinned {
	struct page **pages;
	int n;
	void *view;
};

struct pin_req {
	__u64 addr;
	__u32 len;
	__u32 write;
};

static void pinned_free(struct pinned *p)
{
	int i;

	if (p->view)
		vunmap(p->view);
	for (i = 0; i < p->n; i++) {
		set_page_dirty_lock(p->pages[i]);
		unpin_user_page(p->pages[i]);
	}
	kfree(p->pages);
	p->pages = NULL;
	p->view = NULL;
	p->n = 0;
}

static long user_pin(struct pinned *p, void __user *argp)
{
	struct pin_req req;
	int want, got;

	if (copy_from_user(&req, argp, sizeof(req)))
		return -EFAULT;
	if (req.addr & ~PAGE_MASK || !req.len)
		return -EINVAL;
	if (p->n)
		return -EBUSY;
	want = DIV_ROUND_UP(req.len, PAGE_SIZE);
	p->pages = kcalloc(want, sizeof(*p->pages), GFP_KERNEL);
	if (!p->pages)
		return -ENOMEM;
	got = pin_user_pages_fast(req.addr, want, req.write ? FOLL_WRITE : 0, p->pages);
	if (got < want) {
		if (got > 0)
			unpin_user_pages(p->pages, got);
		kfree(p->pages);
		p->pages = NULL;
		return got < 0 ? got : -EFAULT;
	}
	p->n = got;
	return got;
}

static long user_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct pinned *p = file->private_data;
	u32 sum = 0, *words;
	int i;

	switch (cmd) {
	case 0x40105501:
		return user_pin(p, (void __user *)arg);
	case 0x5502:
		if (!p->n)
			return -ENODATA;
		pinned_free(p);
		return 0;
	case 0x5503:
		for (i = 0; i < p->n; i++) {
			words = kmap_local_page(p->pages[i]);
			sum += words[0];
			kunmap_local(words);
		}
		return sum;
	case 0x5504:
		if (!p->n)
			return -ENODATA;
		if (!p->view)
			p->view = vmap(p->pages, p->n, VM_MAP, PAGE_KERNEL);
		if (!p->view)
			return -ENOMEM;
		memset(p->view + PAGE_SIZE * p->n - 8, 0x77, 8);
		return *(u8 *)(p->view + 1);
	case 0x5505: {
		struct vm_area_struct *vma;

		mmap_read_lock(current->mm);
		vma = find_vma(current->mm, arg);
		sum = vma && vma->vm_start <= arg ? vma_pages(vma) : 0;
		if (sum && vma->vm_file == file)
			sum += 100;
		mmap_read_unlock(current->mm);
		return sum;
	}
	}
	return -ENOTTY;
}

static vm_fault_t user_fault(struct vm_fault *vmf)
{
	struct pinned *p = vmf->vma->vm_private_data;

	count_fault++;
	if (vmf->pgoff >= p->n)
		return VM_FAULT_SIGBUS;
	return vmf_insert_pfn(vmf->vma, vmf->address, page_to_pfn(p->pages[vmf->pgoff]));
}

static const struct vm_operations_struct user_ops = { .fault = user_fault };

static int user_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (!(vma->vm_flags & VM_MAYSHARE))
		return -EINVAL;
	vma->vm_private_data = file->private_data;
	vma->vm_ops = &user_ops;
	vm_flags_set(vma, VM_PFNMAP | VM_IO | VM_DONTEXPAND | VM_DONTDUMP);
	return 0;
}

static int user_open(struct inode *inode, struct file *file)
{
	file->private_data = kzalloc(sizeof(struct pinned), GFP_KERNEL);
	return file->private_data ? 0 : -ENOMEM;
}

static int user_release(struct inode *inode, struct file *file)
{
	pinned_free(file->private_data);
	kfree(file->private_data);
	return 0;
}

static const struct file_operations user_fops = {
	.owner = THIS_MODULE,
	.open = user_open,
	.release = user_release,
	.mmap = user_mmap,
	.unlocked_ioctl = user_ioctl,
};

static struct miscdevice user_misc = { .minor = MISC_DYNAMIC_MINOR, .name = "user-pages", .fops = &user_fops };
module_misc_device(user_misc);
MODULE_LICENSE("GPL");
