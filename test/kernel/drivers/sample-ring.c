// SPDX-License-Identifier: MIT
/*
 * Samples in a ring that the kernel fills through vmap() and programs read: a head in the first page, data behind it, all mapped by vm_map_pages(). ioctl 0x101 N
 * writes N samples, 0x102 sums what lies in the ring, write(2) puts bytes at the head, and a mapping may be made only once.
 */
#include <linux/atomic.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "compat.h"

#define RING_PAGES 5
#define RING_WORDS ((RING_PAGES - 1) * PAGE_SIZE / sizeof(u32))

static unsigned int count_mmap, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_close, uint, 0444);

struct ring {
	struct page **pages;
	u32 *head;
	u32 *data;
	atomic_t mapped;
};

static struct ring *ring;

static void ring_vma_close(struct vm_area_struct *vma)
{
	struct ring *r = vma->vm_private_data;

	count_close++;
	atomic_dec(&r->mapped);
}

static const struct vm_operations_struct ring_vm_ops = {
	.close = ring_vma_close,
};

static int ring_mmap(struct file *file, struct vm_area_struct *vma)
{
	int err;

	count_mmap++;
	if (vma->vm_flags & (VM_WRITE | VM_EXEC))
		return -EPERM;
	if (atomic_inc_return(&ring->mapped) > 1) {
		atomic_dec(&ring->mapped);
		return -EBUSY;
	}
	err = vm_map_pages(vma, ring->pages, RING_PAGES);
	if (err) {
		atomic_dec(&ring->mapped);
		return err;
	}
	vm_flags_set(vma, VM_DONTCOPY | VM_DONTEXPAND);
	vm_flags_clear(vma, VM_MAYWRITE | VM_MAYEXEC);
	vma->vm_private_data = ring;
	vma->vm_ops = &ring_vm_ops;
	return 0;
}

static void ring_put(u32 sample)
{
	ring->data[*ring->head % RING_WORDS] = sample;
	smp_wmb();
	WRITE_ONCE(*ring->head, *ring->head + 1);
}

static long ring_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	u32 i, sum = 0;

	switch (cmd) {
	case 0x101:
		for (i = 0; i < arg; i++)
			ring_put(i * 3);
		return 0;
	case 0x102:
		for (i = 0; i < RING_WORDS; i++)
			sum += ring->data[i];
		return sum & 0xffffff;
	}
	return -ENOTTY;
}

static ssize_t ring_write(struct file *file, const char __user *buf, size_t len, loff_t *ppos)
{
	size_t i, words = len / sizeof(u32);
	u32 word;

	for (i = 0; i < words; i++) {
		if (get_user(word, (const u32 __user *)buf + i))
			return i ? i * sizeof(u32) : -EFAULT;
		ring_put(word);
	}
	return words * sizeof(u32);
}

static const struct file_operations ring_fops = {
	.owner = THIS_MODULE,
	.write = ring_write,
	.mmap = ring_mmap,
	.unlocked_ioctl = ring_ioctl,
};

static struct miscdevice ring_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "sample-ring",
	.fops = &ring_fops,
};

static void ring_free(struct ring *r)
{
	int i;

	if (r->head)
		vunmap(r->head);
	for (i = 0; r->pages && i < RING_PAGES; i++)
		if (r->pages[i])
			__free_page(r->pages[i]);
	kfree(r->pages);
	kfree(r);
}

static int __init ring_init(void)
{
	int i, err = -ENOMEM;

	ring = kzalloc(sizeof(*ring), GFP_KERNEL);
	if (!ring)
		return -ENOMEM;
	ring->pages = kcalloc(RING_PAGES, sizeof(*ring->pages), GFP_KERNEL);
	if (!ring->pages)
		goto fail;
	for (i = 0; i < RING_PAGES; i++) {
		ring->pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!ring->pages[i])
			goto fail;
	}
	ring->head = vmap(ring->pages, RING_PAGES, VM_MAP, PAGE_KERNEL);
	if (!ring->head)
		goto fail;
	ring->data = (u32 *)((char *)ring->head + PAGE_SIZE);
	err = misc_register(&ring_device);
	if (!err)
		return 0;
fail:
	ring_free(ring);
	return err;
}
module_init(ring_init);

static void __exit ring_exit(void)
{
	misc_deregister(&ring_device);
	ring_free(ring);
}
module_exit(ring_exit);

MODULE_DESCRIPTION("Samples in a ring that the kernel fills through vmap()");
MODULE_LICENSE("GPL");
