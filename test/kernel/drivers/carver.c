// SPDX-License-Identifier: MIT
/*
 * Carves reserved memory into blocks with a pool of its own: ioctl 0x101 SIZE gives the first page of a block, which is the offset of its mapping, 0x102 PAGE
 * gives it back. A block lives until its last mapping is gone.
 */
#include <linux/fs.h>
#include <linux/genalloc.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sizes.h>
#include <linux/slab.h>

static unsigned int count_mmap, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

#define CARVER_BASE 0x8000000UL
#define CARVER_SIZE SZ_64K

struct carver_block {
	struct list_head link;
	phys_addr_t phys;
	unsigned long virt;
	size_t size;
	unsigned int users;
};

static struct gen_pool *carver_pool;
static void *carver_memory;
static LIST_HEAD(carver_blocks);
static DEFINE_MUTEX(carver_lock);

static struct carver_block *carver_find(phys_addr_t phys, size_t size)
{
	struct carver_block *block;

	lockdep_assert_held(&carver_lock);
	list_for_each_entry(block, &carver_blocks, link)
		if (phys >= block->phys && phys - block->phys < block->size && size <= block->size - (phys - block->phys))
			return block;
	return NULL;
}

static void carver_put(struct carver_block *block)
{
	lockdep_assert_held(&carver_lock);
	if (--block->users)
		return;
	list_del(&block->link);
	memset((void *)block->virt, 0, block->size);
	gen_pool_free(carver_pool, block->virt, block->size);
	kfree(block);
}

static void carver_vma_open(struct vm_area_struct *vma)
{
	struct carver_block *block = vma->vm_private_data;

	count_open++;
	mutex_lock(&carver_lock);
	block->users++;
	mutex_unlock(&carver_lock);
}

static void carver_vma_close(struct vm_area_struct *vma)
{
	count_close++;
	mutex_lock(&carver_lock);
	carver_put(vma->vm_private_data);
	mutex_unlock(&carver_lock);
}

static const struct vm_operations_struct carver_vm_ops = {
	.open = carver_vma_open,
	.close = carver_vma_close,
};

static int carver_mmap(struct file *file, struct vm_area_struct *vma)
{
	size_t size = vma->vm_end - vma->vm_start;
	phys_addr_t phys = CARVER_BASE + (vma->vm_pgoff << PAGE_SHIFT);
	struct carver_block *block;
	int err = -ENXIO;

	count_mmap++;
	if (vma->vm_pgoff >= CARVER_SIZE >> PAGE_SHIFT)
		return -EINVAL;
	mutex_lock(&carver_lock);
	block = carver_find(phys, size);
	if (!block)
		goto unlock;
	err = remap_pfn_range(vma, vma->vm_start, PHYS_PFN(phys), size, vma->vm_page_prot);
	if (err)
		goto unlock;
	block->users++;
	vma->vm_private_data = block;
	vma->vm_ops = &carver_vm_ops;
unlock:
	mutex_unlock(&carver_lock);
	return err;
}

static long carver_make(size_t size)
{
	struct carver_block *block;

	if (!size || size > CARVER_SIZE)
		return -EINVAL;
	block = kmalloc(sizeof(*block), GFP_KERNEL);
	if (!block)
		return -ENOMEM;
	block->size = round_up(size, PAGE_SIZE);
	block->virt = gen_pool_alloc(carver_pool, block->size);
	if (!block->virt) {
		kfree(block);
		return -ENOSPC;
	}
	block->phys = gen_pool_virt_to_phys(carver_pool, block->virt);
	block->users = 1;
	*(u32 *)block->virt = block->size;
	list_add(&block->link, &carver_blocks);
	return (block->phys - CARVER_BASE) >> PAGE_SHIFT;
}

static long carver_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct carver_block *block;
	long result = -ENOENT;

	mutex_lock(&carver_lock);
	switch (command) {
	case 0x101:
		result = carver_make(argument);
		break;
	case 0x102:
		block = carver_find(CARVER_BASE + argument * PAGE_SIZE, 0);
		if (block) {
			carver_put(block);
			result = 0;
		}
		break;
	case 0x103:
		result = gen_pool_avail(carver_pool);
		break;
	case 0x104:
		result = gen_pool_size(carver_pool);
		break;
	default:
		result = -ENOTTY;
	}
	mutex_unlock(&carver_lock);
	return result;
}

static const struct file_operations carver_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = carver_ioctl,
	.mmap = carver_mmap,
};

static struct miscdevice carver_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "carver",
	.fops = &carver_fops,
};

static int __init carver_init(void)
{
	int err;

	if (!request_mem_region(CARVER_BASE, CARVER_SIZE, "carver"))
		return -EBUSY;
	err = -ENOMEM;
	carver_memory = memremap(CARVER_BASE, CARVER_SIZE, MEMREMAP_WB);
	if (!carver_memory)
		goto region;
	carver_pool = gen_pool_create(PAGE_SHIFT, NUMA_NO_NODE);
	if (!carver_pool)
		goto unmap;
	err = gen_pool_add_virt(carver_pool, (unsigned long)carver_memory, CARVER_BASE, CARVER_SIZE, NUMA_NO_NODE);
	if (err)
		goto pool;
	err = misc_register(&carver_device);
	if (err)
		goto pool;
	return 0;
pool:
	gen_pool_destroy(carver_pool);
unmap:
	memunmap(carver_memory);
region:
	release_mem_region(CARVER_BASE, CARVER_SIZE);
	return err;
}
module_init(carver_init);

static void __exit carver_exit(void)
{
	struct carver_block *block, *next;

	misc_deregister(&carver_device);
	mutex_lock(&carver_lock);
	list_for_each_entry_safe(block, next, &carver_blocks, link)
		carver_put(block);
	mutex_unlock(&carver_lock);
	gen_pool_destroy(carver_pool);
	memunmap(carver_memory);
	release_mem_region(CARVER_BASE, CARVER_SIZE);
}
module_exit(carver_exit);

MODULE_DESCRIPTION("Carves reserved memory into blocks");
MODULE_LICENSE("GPL");
