// SPDX-License-Identifier: MIT
/*
 * A sparse space of 64 pages: ioctl 0x101 FROM+COUNT*256 makes an extent, 0x102 PAGE takes the extent at a page away, 0x103 counts the extents in a range.
 * Faults look the extent up in a tree of intervals.
 */
#include <linux/fs.h>
#include <linux/interval_tree.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/rwsem.h>
#include <linux/slab.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

#define EXTENTS_PAGES 64

struct extent {
	struct interval_tree_node node;
	unsigned long order_made;
	void *memory;
};

static struct rb_root_cached extents = RB_ROOT_CACHED;
static DECLARE_RWSEM(extents_lock);
static unsigned long extents_made;

static inline struct extent *to_extent(struct interval_tree_node *node)
{
	return node ? container_of(node, struct extent, node) : NULL;
}

static unsigned long extent_bytes(const struct extent *extent)
{
	return (extent->node.last - extent->node.start + 1) * PAGE_SIZE;
}

static int extents_add(unsigned long from, unsigned long count)
{
	struct extent *extent;

	if (!count || from >= EXTENTS_PAGES || count > EXTENTS_PAGES - from)
		return -EINVAL;
	extent = kmalloc(sizeof(*extent), GFP_KERNEL);
	if (!extent)
		return -ENOMEM;
	extent->node.start = from;
	extent->node.last = from + count - 1;
	extent->memory = alloc_pages_exact(extent_bytes(extent), GFP_KERNEL | __GFP_ZERO);
	if (!extent->memory) {
		kfree(extent);
		return -ENOMEM;
	}
	down_write(&extents_lock);
	if (interval_tree_iter_first(&extents, extent->node.start, extent->node.last)) {
		up_write(&extents_lock);
		free_pages_exact(extent->memory, extent_bytes(extent));
		kfree(extent);
		return -EEXIST;
	}
	extent->order_made = ++extents_made;
	*(unsigned long *)extent->memory = extent->order_made;
	interval_tree_insert(&extent->node, &extents);
	downgrade_write(&extents_lock);
	up_read(&extents_lock);
	return extent->order_made;
}

static void extent_free(struct extent *extent)
{
	interval_tree_remove(&extent->node, &extents);
	free_pages_exact(extent->memory, extent_bytes(extent));
	kfree(extent);
}

static int extents_drop(struct address_space *mapping, unsigned long page)
{
	struct extent *extent;

	down_write(&extents_lock);
	extent = to_extent(interval_tree_iter_first(&extents, page, page));
	if (extent) {
		unmap_mapping_range(mapping, (loff_t)extent->node.start << PAGE_SHIFT, extent_bytes(extent), 1);
		extent_free(extent);
	}
	up_write(&extents_lock);
	return extent ? 0 : -ENOENT;
}

static int extents_count(unsigned long from, unsigned long last)
{
	struct interval_tree_node *node;
	int count = 0;

	if (!down_read_trylock(&extents_lock))
		return -EBUSY;
	for (node = interval_tree_iter_first(&extents, from, last); node; node = interval_tree_iter_next(node, from, last))
		count++;
	up_read(&extents_lock);
	return count;
}

static long extents_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	switch (command) {
	case 0x101:
		return extents_add(argument & 0xff, argument >> 8);
	case 0x102:
		return extents_drop(file->f_mapping, argument);
	case 0x103:
		return extents_count(argument & 0xff, argument >> 8);
	}
	return -ENOTTY;
}

static vm_fault_t extents_fault(struct vm_fault *vmf)
{
	vm_fault_t result = VM_FAULT_SIGBUS;
	struct extent *extent;
	unsigned long inside;

	count_fault++;
	down_read(&extents_lock);
	extent = to_extent(interval_tree_iter_first(&extents, vmf->pgoff, vmf->pgoff));
	if (extent) {
		inside = vmf->pgoff - extent->node.start;
		result = vmf_insert_pfn(vmf->vma, vmf->address, (virt_to_phys(extent->memory) >> PAGE_SHIFT) + inside);
	}
	up_read(&extents_lock);
	return result;
}

static const struct vm_operations_struct extents_vm_ops = {
	.fault = extents_fault,
};

static int extents_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	if (vma->vm_pgoff + vma_pages(vma) > EXTENTS_PAGES)
		return -EINVAL;
	vm_flags_set(vma, VM_PFNMAP | VM_IO | VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_ops = &extents_vm_ops;
	return 0;
}

static const struct file_operations extents_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = extents_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = extents_mmap,
};

static struct miscdevice extents_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "extents",
	.fops = &extents_fops,
};

static int __init extents_init(void)
{
	int err = extents_add(2, 3);

	if (err < 0)
		return err;
	return misc_register(&extents_device);
}
module_init(extents_init);

static void __exit extents_exit(void)
{
	struct rb_node *node;

	misc_deregister(&extents_device);
	while ((node = rb_first_cached(&extents)))
		extent_free(to_extent(rb_entry(node, struct interval_tree_node, rb)));
}
module_exit(extents_exit);

MODULE_DESCRIPTION("A sparse space of extents");
MODULE_LICENSE("GPL");
