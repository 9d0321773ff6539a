// SPDX-License-Identifier: MIT
/* A ring is held before the lock is dropped under which it was found. */
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>

struct hub {
	spinlock_t lock;
	struct list_head rings;
};

struct ring {
	struct list_head node;
	struct kref ref;
	void *memory;
	unsigned long bytes;
};

/* The files that make rings give them back with this. */
void ring_free(struct kref *ref)
{
	struct ring *ring = container_of(ref, struct ring, ref);

	vfree(ring->memory);
	kfree(ring);
}

static void ring_vma_open(struct vm_area_struct *vma)
{
	struct ring *ring = vma->vm_private_data;

	kref_get(&ring->ref);
}

static void ring_vma_close(struct vm_area_struct *vma)
{
	struct ring *ring = vma->vm_private_data;

	kref_put(&ring->ref, ring_free);
}

static const struct vm_operations_struct ring_vm_ops = {
	.open = ring_vma_open,
	.close = ring_vma_close,
};

static int hub_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct hub *hub = file->private_data;
	struct ring *ring;
	int ret;

	if (vma->vm_pgoff || !(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	spin_lock(&hub->lock);
	list_for_each_entry(ring, &hub->rings, node) {
		if (vma->vm_end - vma->vm_start > ring->bytes)
			continue;
		list_del_init(&ring->node);
		kref_get(&ring->ref);
		spin_unlock(&hub->lock);
		ret = remap_vmalloc_range(vma, ring->memory, 0);
		if (ret) {
			kref_put(&ring->ref, ring_free);
			return ret;
		}
		vma->vm_private_data = ring;
		vma->vm_ops = &ring_vm_ops;
		return 0;
	}
	spin_unlock(&hub->lock);
	return -ENXIO;
}

static const struct file_operations hub_fops = {
	.owner = THIS_MODULE,
	.mmap = hub_mmap,
};

MODULE_LICENSE("GPL");
