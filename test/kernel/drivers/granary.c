// SPDX-License-Identifier: MIT
/*
 * Grain in folios: four pages in one large folio, three small ones behind it, a tail of a kmalloc block after them. Faults take references on the folio and lock it where the program asked for
 * O_NONBLOCK; ioctl 0x1101 tells the references of the large folio, 0x1102 its mappings, 0x1103 drops the small folio of a number and puts a fresh one in its place.
 */
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/slab.h>

static unsigned int count_mmap, count_fault, count_page_mkwrite, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_page_mkwrite, uint, 0444);
module_param(count_close, uint, 0444);

#define LARGE_ORDER 2
#define LARGE_PAGES (1UL << LARGE_ORDER)
#define SMALL 3

static struct folio *large;
static struct folio *small[SMALL];
static void *chaff;

static struct folio *granary_new(unsigned int order, u32 word)
{
	struct folio *folio = folio_alloc(GFP_KERNEL | __GFP_ZERO, order);
	unsigned long i;

	if (!folio)
		return NULL;
	for (i = 0; i < folio_nr_pages(folio); i++)
		*(u32 *)page_address(folio_page(folio, i)) = word + i;
	return folio;
}

static vm_fault_t granary_fault(struct vm_fault *vmf)
{
	unsigned long nr = vmf->pgoff;
	struct folio *folio;
	struct page *page;

	count_fault++;
	if (nr < LARGE_PAGES) {
		folio = large;
		page = folio_page(folio, nr);
	} else if (nr < LARGE_PAGES + SMALL) {
		folio = small[nr - LARGE_PAGES];
		page = &folio->page;
	} else if (nr == LARGE_PAGES + SMALL) {
		page = virt_to_page(chaff + 3 * PAGE_SIZE);
		folio = page_folio(page);
	} else {
		return VM_FAULT_SIGBUS;
	}
	folio_get(folio);
	vmf->page = page;
	if (!(vmf->vma->vm_file->f_flags & O_NONBLOCK))
		return 0;
	folio_lock(folio);
	return VM_FAULT_LOCKED;
}

static vm_fault_t granary_page_mkwrite(struct vm_fault *vmf)
{
	struct folio *folio = page_folio(vmf->page);

	count_page_mkwrite++;
	folio_lock(folio);
	if (folio == small[1]) {
		folio_unlock(folio);
		return VM_FAULT_SIGBUS;
	}
	return VM_FAULT_LOCKED;
}

static void granary_close(struct vm_area_struct *vma)
{
	count_close++;
}

static const struct vm_operations_struct granary_vm_ops = {
	.fault = granary_fault,
	.page_mkwrite = granary_page_mkwrite,
	.close = granary_close,
};

static int granary_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	file_accessed(file);
	vma->vm_ops = &granary_vm_ops;
	return 0;
}

static long granary_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct folio *fresh;

	switch (cmd) {
	case 0x1101:
		return folio_ref_count(large);
	case 0x1102:
		return folio_mapped(large);
	case 0x1103:
		if (arg >= SMALL)
			return -EINVAL;
		fresh = granary_new(0, 0x6000 + arg);
		if (!fresh)
			return -ENOMEM;
		folio_put(small[arg]);
		small[arg] = fresh;
		return 0;
	case 0x1104:
		unmap_mapping_range(file->f_mapping, (loff_t)arg << PAGE_SHIFT, PAGE_SIZE, 1);
		return 0;
	}
	return -ENOTTY;
}

static const struct file_operations granary_fops = {
	.owner = THIS_MODULE,
	.mmap = granary_mmap,
	.unlocked_ioctl = granary_ioctl,
};

static struct miscdevice granary_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "granary",
	.fops = &granary_fops,
};

static int __init granary_init(void)
{
	int i;

	large = granary_new(LARGE_ORDER, 0x4000);
	if (!large)
		return -ENOMEM;
	for (i = 0; i < SMALL; i++) {
		small[i] = granary_new(0, 0x5000 + i);
		if (!small[i])
			return -ENOMEM;
	}
	chaff = kzalloc(4 * PAGE_SIZE, GFP_KERNEL);
	if (!chaff)
		return -ENOMEM;
	memset(chaff + 3 * PAGE_SIZE, 0x70, 8);
	return misc_register(&granary_misc);
}

static void __exit granary_exit(void)
{
	int i;

	misc_deregister(&granary_misc);
	kfree(chaff);
	for (i = 0; i < SMALL; i++)
		folio_put(small[i]);
	folio_put(large);
}
module_init(granary_init);
module_exit(granary_exit);
MODULE_LICENSE("GPL");
