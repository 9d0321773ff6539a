// SPDX-License-Identifier: MIT
/*
 * Memory of allocators that other modules of this folder do not use, one page of each by the fault handler, or remapped from offset 32 on. What the offset selects:
 * 0 get_zeroed_page, 1 __get_free_pages of order 1 (its second page), 2 kmalloc_array, 3 a kmem_cache of pages, 4 alloc_pages_bulk_array, 5 alloc_pages_node,
 * 6 vmalloc_node, 7 kvmalloc_array, 8 kmemdup, 9 a page of DMA32, 10 the page behind a page of order 1 that was split, 11 nothing.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

#define SOURCES 11

static unsigned long zeroed, pair;
static u32 *array, *cached, *nodes, *large, *copied;
static struct kmem_cache *cache;
static struct page *bulk[2], *node_page, *low, *halves;
static struct page *sources[SOURCES];

static vm_fault_t many_fault(struct vm_fault *vmf)
{
	struct page *page;

	count_fault++;
	if (vmf->pgoff >= SOURCES)
		return VM_FAULT_SIGBUS;
	page = sources[vmf->pgoff];
	if (PageSlab(page))
		return VM_FAULT_SIGSEGV;
	get_page(page);
	vmf->page = page;
	return 0;
}

static const struct vm_operations_struct many_vm_ops = {
	.fault = many_fault,
};

static int many_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long source = vma->vm_pgoff - 32;

	count_mmap++;
	if (vma->vm_pgoff < 32) {
		vma->vm_ops = &many_vm_ops;
		return 0;
	}
	if (source >= SOURCES)
		return -ENXIO;
	return remap_pfn_range(vma, vma->vm_start, page_to_pfn(sources[source]), PAGE_SIZE, vma->vm_page_prot);
}

static const struct file_operations many_fops = {
	.owner = THIS_MODULE,
	.mmap = many_mmap,
};

static struct miscdevice many_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "many-allocators",
	.fops = &many_fops,
};

static int __init many_init(void)
{
	static const u32 words[4] = { 0x77, 0x78 };
	unsigned long i;

	zeroed = get_zeroed_page(GFP_KERNEL);
	pair = __get_free_pages(GFP_KERNEL | __GFP_ZERO, 1);
	array = kmalloc_array(1024, sizeof(u32), GFP_KERNEL | __GFP_ZERO);
	cache = kmem_cache_create("many-allocators", PAGE_SIZE, PAGE_SIZE, 0, NULL);
	if (!zeroed || !pair || !array || !cache)
		return -ENOMEM;
	cached = kmem_cache_zalloc(cache, GFP_KERNEL);
	nodes = vmalloc_node(PAGE_SIZE, numa_node_id());
	large = kvmalloc_array(2048, sizeof(u32), GFP_KERNEL | __GFP_ZERO);
	copied = kmemdup(words, sizeof(words), GFP_KERNEL);
	node_page = alloc_pages_node(numa_node_id(), GFP_KERNEL | __GFP_ZERO, 0);
	low = alloc_page(GFP_KERNEL | GFP_DMA32 | __GFP_ZERO);
	halves = alloc_pages(GFP_KERNEL | __GFP_ZERO, 1);
	if (!cached || !nodes || !large || !copied || !node_page || !low || !halves)
		return -ENOMEM;
	if (alloc_pages_bulk_array(GFP_KERNEL | __GFP_ZERO, 2, bulk) != 2)
		return -ENOMEM;
	split_page(halves, 1);
	memset(nodes, 0, PAGE_SIZE);
	sources[0] = virt_to_page((void *)zeroed);
	sources[1] = virt_to_page((void *)(pair + PAGE_SIZE));
	sources[2] = virt_to_page(array);
	sources[3] = virt_to_page(cached);
	sources[4] = bulk[1];
	sources[5] = node_page;
	sources[6] = vmalloc_to_page(nodes);
	sources[7] = virt_to_page(large);
	sources[8] = virt_to_page(copied);
	sources[9] = low;
	sources[10] = halves + 1;
	for (i = 0; i < SOURCES; i++)
		if (i != 8)
			*(u32 *)page_address(sources[i]) = 0xa110c + i;
	return misc_register(&many_device);
}
module_init(many_init);

static void __exit many_exit(void)
{
	misc_deregister(&many_device);
	free_page(zeroed);
	free_pages(pair, 1);
	kfree(array);
	kmem_cache_free(cache, cached);
	kmem_cache_destroy(cache);
	vfree(nodes);
	kvfree(large);
	kfree(copied);
	__free_page(node_page);
	__free_page(low);
	__free_page(halves);
	__free_page(halves + 1);
	__free_page(bulk[0]);
	__free_page(bulk[1]);
}
module_exit(many_exit);

MODULE_DESCRIPTION("Memory of many allocators");
MODULE_LICENSE("GPL");
