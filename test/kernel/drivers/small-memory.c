// SPDX-License-Identifier: MIT
/*
 * Memory that is no whole pages, or that is the module's own, remapped by its physical address. What the offset selects: 0 a small kmalloc, 1 an object
 * of a cache, 2 memory of each CPU, 3 a string of kmemdup, 4 kvmalloc that became kmalloc, 5 the page behind the zero page's address, 6 a kmalloc of three
 * pages, mapped with its length, 7 memory of devm_kzalloc that a page holds whole.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

struct small_object {
	u32 words[64];
};

static struct kmem_cache *small_cache;
static struct small_object *small_of_cache;
static u32 *small_kmalloc, *small_kvmalloc, *small_three;
static char *small_text;

static void *small_memory(unsigned long way)
{
	switch (way) {
	case 0:
		return small_kmalloc;
	case 1:
		return small_of_cache;
	case 3:
		return small_text;
	case 4:
		return small_kvmalloc;
	case 5:
		return page_address(ZERO_PAGE(0));
	case 6:
		return small_three;
	}
	return NULL;
}

static int small_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;
	void *memory = small_memory(vma->vm_pgoff);

	count_mmap++;
	if (!memory)
		return -ENODEV;
	if (vma->vm_pgoff == 5 && (vma->vm_flags & VM_WRITE))
		return -EPERM;
	if (size > (vma->vm_pgoff == 6 ? 3 : 1) * PAGE_SIZE)
		return -E2BIG;
	return remap_pfn_range(vma, vma->vm_start, virt_to_phys(memory) >> PAGE_SHIFT, size, vma->vm_page_prot);
}

static const struct file_operations small_fops = {
	.owner = THIS_MODULE,
	.mmap = small_mmap,
};

static struct miscdevice small_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "small-memory",
	.fops = &small_fops,
};

static void small_free(void)
{
	if (small_of_cache)
		kmem_cache_free(small_cache, small_of_cache);
	kmem_cache_destroy(small_cache);
	kfree(small_kmalloc);
	kfree(small_text);
	kvfree(small_kvmalloc);
	kfree(small_three);
}

static int __init small_init(void)
{
	int err = -ENOMEM;

	small_cache = kmem_cache_create("small_object", sizeof(struct small_object), 0, SLAB_HWCACHE_ALIGN, NULL);
	if (!small_cache)
		return -ENOMEM;
	small_of_cache = kmem_cache_zalloc(small_cache, GFP_KERNEL);
	small_kmalloc = kmalloc(100, GFP_KERNEL);
	small_text = kmemdup("small", 6, GFP_KERNEL);
	small_kvmalloc = kvzalloc(PAGE_SIZE, GFP_KERNEL);
	small_three = kzalloc(3 * PAGE_SIZE, GFP_KERNEL);
	if (!small_of_cache || !small_kmalloc || !small_text || !small_kvmalloc || !small_three)
		goto failed;
	small_kvmalloc[0] = 0x4b;
	small_three[2 * PAGE_SIZE / sizeof(u32)] = 0x3b;
	err = misc_register(&small_device);
	if (err)
		goto failed;
	return 0;
failed:
	small_free();
	return err;
}
module_init(small_init);

static void __exit small_exit(void)
{
	misc_deregister(&small_device);
	small_free();
}
module_exit(small_exit);

MODULE_DESCRIPTION("Memory that is no whole pages, remapped by its physical address");
MODULE_LICENSE("GPL");
