// SPDX-License-Identifier: MIT
/*
 * Objects behind fake offsets, as graphics drivers have them: the offset of mmap finds the object, then vm_pgoff becomes 0 and the fault handler counts from there. Object N lies at
 * offset 0x100 * N, from 1 to 3; object 2 is given as pfns. ioctl 0x101 N frees the pages of an object; they come anew when they are touched.
 */
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "compat.h"

#define OBJECT_PAGES 4UL
#define OBJECT_STEP 0x100UL
#define OBJECTS 3

static unsigned int count_mmap, count_fault, count_open, count_close;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);

struct object {
	int id;
	int mappings;
	struct page *pages[OBJECT_PAGES];
};

static DEFINE_IDR(objects);

static struct page *object_page(struct object *object, unsigned long index)
{
	if (!object->pages[index]) {
		object->pages[index] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (object->pages[index])
			*(u32 *)page_address(object->pages[index]) = object->id * 16 + index;
	}
	return object->pages[index];
}

static vm_fault_t object_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct object *object = vma->vm_private_data;
	struct page *page;

	count_fault++;
	if (vmf->pgoff >= OBJECT_PAGES)
		return VM_FAULT_SIGBUS;
	page = object_page(object, vmf->pgoff);
	if (!page)
		return VM_FAULT_OOM;
	if (vma->vm_flags & VM_PFNMAP)
		return vmf_insert_pfn(vma, vmf->address, page_to_pfn(page));
	get_page(page);
	vmf->page = page;
	return 0;
}

static void object_open(struct vm_area_struct *vma)
{
	struct object *object = vma->vm_private_data;

	count_open++;
	object->mappings++;
}

static void object_close(struct vm_area_struct *vma)
{
	struct object *object = vma->vm_private_data;

	count_close++;
	object->mappings--;
}

static const struct vm_operations_struct object_vm_ops = {
	.fault = object_fault,
	.open = object_open,
	.close = object_close,
};

static int object_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct object *object = idr_find(&objects, vma->vm_pgoff / OBJECT_STEP);

	count_mmap++;
	if (!object || vma->vm_pgoff % OBJECT_STEP)
		return -ENOENT;
	if (vma_pages(vma) > OBJECT_PAGES)
		return -EINVAL;
	if (object->id == 2) {
		if (is_cow_mapping(vma->vm_flags))
			return -EINVAL;
		vm_flags_set(vma, VM_PFNMAP);
	}
	vma->vm_pgoff = 0;
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_private_data = object;
	vma->vm_ops = &object_vm_ops;
	object->mappings++;
	return 0;
}

static long object_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct object *object = idr_find(&objects, arg);
	int i;

	if (!object)
		return -ENOENT;
	switch (cmd) {
	case 0x101:
		if (object->id == 2)
			unmap_mapping_range(file->f_mapping, 0, OBJECT_PAGES << PAGE_SHIFT, 1);
		for (i = 0; i < OBJECT_PAGES; i++) {
			if (object->pages[i])
				put_page(object->pages[i]);
			object->pages[i] = NULL;
		}
		return 0;
	case 0x102:
		return object->mappings;
	}
	return -ENOTTY;
}

static const struct file_operations object_fops = {
	.owner = THIS_MODULE,
	.mmap = object_mmap,
	.unlocked_ioctl = object_ioctl,
};

static struct miscdevice object_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "fake-offset",
	.fops = &object_fops,
};

static void object_free_all(void)
{
	struct object *object;
	int id, i;

	idr_for_each_entry(&objects, object, id) {
		for (i = 0; i < OBJECT_PAGES; i++)
			if (object->pages[i])
				put_page(object->pages[i]);
		kfree(object);
	}
	idr_destroy(&objects);
}

static int __init object_init(void)
{
	int i, err = -ENOMEM;

	for (i = 1; i <= OBJECTS; i++) {
		struct object *object = kzalloc(sizeof(*object), GFP_KERNEL);

		if (!object)
			goto fail;
		object->id = idr_alloc(&objects, object, i, i + 1, GFP_KERNEL);
		if (object->id < 0) {
			err = object->id;
			kfree(object);
			goto fail;
		}
	}
	err = misc_register(&object_device);
	if (!err)
		return 0;
fail:
	object_free_all();
	return err;
}
module_init(object_init);

static void __exit object_exit(void)
{
	misc_deregister(&object_device);
	object_free_all();
}
module_exit(object_exit);

MODULE_DESCRIPTION("Objects behind fake offsets");
MODULE_LICENSE("GPL");
