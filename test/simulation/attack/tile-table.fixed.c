// SPDX-License-Identifier: MIT
/* The tiles of a frame stand in a table, and programs may look at each of them. */
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#define TILES 16
#define FRAME_PAGES TILES

static struct page **tiles;

static int tile_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma_pages(vma) != 1 || vma->vm_pgoff >= FRAME_PAGES)
		return -EINVAL;
	if (!tiles[vma->vm_pgoff])
		return -ENXIO;
	return vm_insert_page(vma, vma->vm_start, tiles[vma->vm_pgoff]);
}

static const struct file_operations tile_fops = {
	.owner = THIS_MODULE,
	.mmap = tile_mmap,
};

static struct miscdevice tile_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "tile",
	.fops = &tile_fops,
};

static void tile_free(void)
{
	int index;

	for (index = 0; index < TILES; index++)
		if (tiles[index])
			__free_page(tiles[index]);
	kfree(tiles);
}

static int __init tile_init(void)
{
	int index, ret = -ENOMEM;

	tiles = kcalloc(TILES, sizeof(*tiles), GFP_KERNEL);
	if (!tiles)
		return -ENOMEM;
	for (index = 0; index < TILES; index++) {
		tiles[index] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!tiles[index])
			goto failed;
	}
	ret = misc_register(&tile_misc);
	if (!ret)
		return 0;
failed:
	tile_free();
	return ret;
}

static void __exit tile_exit(void)
{
	misc_deregister(&tile_misc);
	tile_free();
}

module_init(tile_init);
module_exit(tile_exit);
MODULE_LICENSE("GPL");
