// SPDX-License-Identifier: MIT
/*
 * An example driver without mistakes: a ring of pages shared with user space. The first page, with the positions of reader and
 * writer, is mapped at once; the data pages come when they are touched. Each mapping keeps the ring alive.
 */
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#define RING_PAGES 16

struct ring {
	struct kref users;
	struct page *pages[RING_PAGES];
};

static void ring_free(struct kref *users)
{
	struct ring *ring = container_of(users, struct ring, users);
	unsigned int i;

	for (i = 0; i < RING_PAGES; i++) {
		if (ring->pages[i])
			put_page(ring->pages[i]);
	}
	kfree(ring);
}

static void ring_vma_open(struct vm_area_struct *vma)
{
	struct ring *ring = vma->vm_private_data;

	kref_get(&ring->users);
}

static void ring_vma_close(struct vm_area_struct *vma)
{
	struct ring *ring = vma->vm_private_data;

	kref_put(&ring->users, ring_free);
}

static vm_fault_t ring_vma_fault(struct vm_fault *vmf)
{
	struct ring *ring = vmf->vma->vm_private_data;

	if (vmf->pgoff >= RING_PAGES)
		return VM_FAULT_SIGBUS;

	vmf->page = ring->pages[vmf->pgoff];
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct ring_vm_ops = {
	.open = ring_vma_open,
	.close = ring_vma_close,
	.fault = ring_vma_fault,
};

static int ring_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct ring *ring = file->private_data;
	int err;

	if (!(vma->vm_flags & VM_MAYSHARE))
		return -EINVAL;
	if (vma->vm_pgoff != 0 || vma_pages(vma) > RING_PAGES)
		return -EINVAL;

	vm_flags_set(vma, VM_MIXEDMAP | VM_DONTEXPAND | VM_DONTDUMP);
	err = vm_insert_page(vma, vma->vm_start, ring->pages[0]);
	if (err)
		return err;

	vma->vm_private_data = ring;
	vma->vm_ops = &ring_vm_ops;
	ring_vma_open(vma);
	return 0;
}

static int ring_open(struct inode *inode, struct file *file)
{
	struct ring *ring;
	unsigned int i;

	ring = kzalloc(sizeof(*ring), GFP_KERNEL);
	if (!ring)
		return -ENOMEM;
	kref_init(&ring->users);

	for (i = 0; i < RING_PAGES; i++) {
		ring->pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!ring->pages[i]) {
			kref_put(&ring->users, ring_free);
			return -ENOMEM;
		}
	}
	file->private_data = ring;
	return 0;
}

static int ring_release(struct inode *inode, struct file *file)
{
	struct ring *ring = file->private_data;

	kref_put(&ring->users, ring_free);
	return 0;
}

static const struct file_operations ring_fops = {
	.owner = THIS_MODULE,
	.open = ring_open,
	.release = ring_release,
	.mmap = ring_mmap,
};

static struct miscdevice ring_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "ring",
	.fops = &ring_fops,
};
module_misc_device(ring_device);

MODULE_DESCRIPTION("Example of a driver that maps its pages well");
MODULE_LICENSE("Dual MIT/GPL");
