// SPDX-License-Identifier: MIT
/* Pages that are made when they are first touched, held in an array for each file; an ioctl drops one, drops all, or tells how many there are. */
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

static unsigned int count_mmap, count_fault, count_close, count_open;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_close, uint, 0444);
module_param(count_open, uint, 0444);

struct store {
	struct file *file;
	spinlock_t lock;
	unsigned long max;
	unsigned long used;
	struct page *pages[];
};

static unsigned int max_pages = 6;
module_param(max_pages, uint, 0644);

static vm_fault_t store_fault(struct vm_fault *vmf)
{
	struct store *s = vmf->vma->vm_file->private_data;
	struct page *page, *fresh = NULL;
	u32 *word;

	count_fault++;
	if (vmf->pgoff >= s->max)
		return VM_FAULT_SIGBUS;
	spin_lock(&s->lock);
	page = s->pages[vmf->pgoff];
	if (!page) {
		spin_unlock(&s->lock);
		fresh = alloc_page(GFP_HIGHUSER | __GFP_ZERO);
		if (!fresh)
			return VM_FAULT_OOM;
		word = kmap_local_page(fresh);
		word[0] = 0xabc00 + vmf->pgoff;
		word[1] = !!(vmf->flags & FAULT_FLAG_WRITE);
		kunmap_local(word);
		spin_lock(&s->lock);
		if (!s->pages[vmf->pgoff]) {
			s->pages[vmf->pgoff] = fresh;
			s->used++;
			fresh = NULL;
		}
		page = s->pages[vmf->pgoff];
	}
	get_page(page);
	spin_unlock(&s->lock);
	if (fresh)
		__free_page(fresh);
	vmf->page = page;
	return 0;
}

static void store_vm_open(struct vm_area_struct *vma)
{
	count_open++;
}

static void store_vm_close(struct vm_area_struct *vma)
{
	count_close++;
}

static const struct vm_operations_struct store_vm_ops = {
	.open = store_vm_open,
	.close = store_vm_close,
	.fault = store_fault,
};

static int store_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	file_accessed(file);
	vma->vm_ops = &store_vm_ops;
	return 0;
}

static void store_drop(struct store *s, unsigned long index)
{
	struct page *page;

	spin_lock(&s->lock);
	page = s->pages[index];
	s->pages[index] = NULL;
	if (page)
		s->used--;
	spin_unlock(&s->lock);
	if (page)
		put_page(page);
}

static long store_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct store *s = file->private_data;
	unsigned long i;

	switch (cmd) {
	case 0x101:
		if (arg >= s->max)
			return -EINVAL;
		unmap_mapping_range(file->f_mapping, (loff_t)arg << PAGE_SHIFT, PAGE_SIZE, 1);
		store_drop(s, arg);
		return 0;
	case 0x102:
		for (i = 0; i < s->max; i++)
			store_drop(s, i);
		return 0;
	case 0x103:
		return s->used;
	case 0x104:
		if (arg >= s->max || !s->pages[arg])
			return -ENOENT;
		return page_count(s->pages[arg]) * 10 + atomic_read(&s->pages[arg]->_mapcount) + 1;
	case 0x105:
		unmap_mapping_range(file->f_mapping, 0, 0, 0);
		return 0;
	}
	return -ENOTTY;
}

static int store_open(struct inode *inode, struct file *file)
{
	struct store *s;

	s = kzalloc(struct_size(s, pages, max_pages), GFP_KERNEL);
	if (!s)
		return -ENOMEM;
	spin_lock_init(&s->lock);
	s->max = max_pages;
	s->file = file;
	file->private_data = s;
	return 0;
}

static int store_release(struct inode *inode, struct file *file)
{
	struct store *s = file->private_data;
	unsigned long i;

	for (i = 0; i < s->max; i++)
		if (s->pages[i])
			__free_page(s->pages[i]);
	kfree(s);
	return 0;
}

static const struct file_operations store_fops = {
	.owner = THIS_MODULE,
	.open = store_open,
	.release = store_release,
	.mmap = store_mmap,
	.unlocked_ioctl = store_ioctl,
};

static struct miscdevice store_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "page-store",
	.fops = &store_fops,
};
module_misc_device(store_misc);
MODULE_LICENSE("GPL v2");
