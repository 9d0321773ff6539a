// SPDX-License-Identifier: MIT
/*
 * Memory that goes while it is mapped. The offset chooses: 0 a vmalloc buffer by remap_vmalloc_range, 16 a kmalloc block by remap_pfn_range, 32 a page of the allocator by vm_insert_page, 48 pages of an
 * array by vm_map_pages, 64 pages on fault. Each open file has its own; ioctl 0x1201 frees what was chosen, 0x1202 does so after unmapping it, release frees the rest.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

static uint count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

struct ghost {
	void *vm;
	void *block;
	struct page *single;
	struct page *list[2];
	struct page *lazy[2];
};

static void ghost_free(struct ghost *ghost, unsigned long which)
{
	int i;

	switch (which) {
	case 0:
		vfree(ghost->vm);
		ghost->vm = NULL;
		break;
	case 1:
		kfree(ghost->block);
		ghost->block = NULL;
		break;
	case 2:
		if (ghost->single)
			__free_page(ghost->single);
		ghost->single = NULL;
		break;
	case 3:
		for (i = 0; i < 2; i++) {
			if (ghost->list[i])
				put_page(ghost->list[i]);
			ghost->list[i] = NULL;
		}
		break;
	case 4:
		for (i = 0; i < 2; i++) {
			if (ghost->lazy[i])
				put_page(ghost->lazy[i]);
			ghost->lazy[i] = NULL;
		}
		break;
	}
}

static int ghost_open(struct inode *inode, struct file *file)
{
	struct ghost *ghost = kzalloc(sizeof(*ghost), GFP_KERNEL);
	int i;

	if (!ghost)
		return -ENOMEM;
	file->private_data = ghost;
	ghost->vm = vmalloc_user(2 * PAGE_SIZE);
	ghost->block = kzalloc(2 * PAGE_SIZE, GFP_KERNEL);
	ghost->single = alloc_page(GFP_KERNEL | __GFP_ZERO);
	for (i = 0; i < 2; i++) {
		ghost->list[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		ghost->lazy[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
	}
	return 0;
}

static int ghost_release(struct inode *inode, struct file *file)
{
	struct ghost *ghost = file->private_data;
	unsigned long which;

	for (which = 0; which < 5; which++)
		ghost_free(ghost, which);
	kfree(ghost);
	return 0;
}

static vm_fault_t ghost_fault(struct vm_fault *vmf)
{
	struct ghost *ghost = vmf->vma->vm_file->private_data;
	unsigned long nr = vmf->pgoff & 15;

	count_fault++;
	if (nr > 1 || !ghost->lazy[nr])
		return VM_FAULT_SIGBUS;
	vmf->page = ghost->lazy[nr];
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct ghost_vm_ops = { .fault = ghost_fault };

static int ghost_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct ghost *ghost = file->private_data;
	unsigned long which = vma->vm_pgoff >> 4;

	count_mmap++;
	vma->vm_pgoff &= 15;
	switch (which) {
	case 0:
		return ghost->vm ? remap_vmalloc_range(vma, ghost->vm, 0) : -ENODATA;
	case 1:
		if (!ghost->block)
			return -ENODATA;
		return vm_iomap_memory(vma, virt_to_phys(ghost->block), 2 * PAGE_SIZE);
	case 2:
		return ghost->single ? vm_insert_page(vma, vma->vm_start, ghost->single) : -ENODATA;
	case 3:
		return ghost->list[0] ? vm_map_pages(vma, ghost->list, 2) : -ENODATA;
	case 4:
		vma->vm_ops = &ghost_vm_ops;
		return 0;
	}
	return -EINVAL;
}

static long ghost_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	if (cmd == 0x1202)
		unmap_mapping_range(file->f_mapping, 0, 0, 1);
	else if (cmd != 0x1201)
		return -ENOTTY;
	ghost_free(file->private_data, arg);
	return 0;
}

static const struct file_operations ghost_fops = {
	.owner = THIS_MODULE,
	.open = ghost_open,
	.release = ghost_release,
	.mmap = ghost_mmap,
	.unlocked_ioctl = ghost_ioctl,
};

static struct miscdevice ghost_misc = { .minor = MISC_DYNAMIC_MINOR, .name = "ghosts", .fops = &ghost_fops };
module_misc_device(ghost_misc);
MODULE_LICENSE("GPL");
