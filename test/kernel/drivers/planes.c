// SPDX-License-Identifier: MIT
/*
 * A frame buffer of three planes in a folio each of their own order, behind one another in the file. write(2) takes a line of text: "fill PLANE BYTE" or
 * "hide PLANE". A hidden plane is no longer given out and what was mapped goes.
 */
#include <linux/bitmap.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "compat.h"

static unsigned int count_mmap, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_fault, uint, 0444);

enum plane_id { PLANE_Y, PLANE_U, PLANE_V, PLANE_COUNT };

struct plane {
	const char *name;
	unsigned int order;
	struct folio *folio;
	pgoff_t first;
};

static struct plane planes[PLANE_COUNT] = {
	[PLANE_Y] = { .name = "y", .order = 2 },
	[PLANE_U] = { .name = "u", .order = 1 },
	[PLANE_V] = { .name = "v" },
};
static DECLARE_BITMAP(planes_hidden, PLANE_COUNT);

static struct plane *plane_at(pgoff_t pgoff)
{
	struct plane *plane;

	for (plane = planes; plane < planes + ARRAY_SIZE(planes); plane++)
		if (pgoff >= plane->first && pgoff - plane->first < 1UL << plane->order)
			return plane;
	return NULL;
}

static vm_fault_t planes_fault(struct vm_fault *vmf)
{
	struct plane *plane = plane_at(vmf->pgoff);

	count_fault++;
	if (!plane || test_bit(plane - planes, planes_hidden))
		return VM_FAULT_SIGBUS;
	folio_get(plane->folio);
	vmf->page = folio_page(plane->folio, vmf->pgoff - plane->first);
	return 0;
}

static const struct vm_operations_struct planes_vm_ops = {
	.fault = planes_fault,
};

static int planes_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	if (!plane_at(vma->vm_pgoff))
		return -ENXIO;
	vm_flags_set(vma, VM_DONTEXPAND);
	vma->vm_ops = &planes_vm_ops;
	return 0;
}

static ssize_t planes_write(struct file *file, const char __user *text, size_t length, loff_t *position)
{
	char line[32], verb[8];
	unsigned int id, byte = 0;
	struct plane *plane;

	if (length >= sizeof(line))
		return -EINVAL;
	if (copy_from_user(line, text, length))
		return -EFAULT;
	line[length] = '\0';
	if (sscanf(strim(line), "%7s %u %u", verb, &id, &byte) < 2 || id >= PLANE_COUNT)
		return -EINVAL;
	plane = &planes[id];
	if (!strcmp(verb, "fill")) {
		memset(folio_address(plane->folio), byte, folio_size(plane->folio));
	} else if (!strcmp(verb, "hide")) {
		set_bit(id, planes_hidden);
		unmap_mapping_range(file->f_mapping, plane->first << PAGE_SHIFT, folio_size(plane->folio), true);
	} else {
		return -EINVAL;
	}
	return length;
}

static const struct file_operations planes_fops = {
	.owner = THIS_MODULE,
	.write = planes_write,
	.mmap = planes_mmap,
};

static struct miscdevice planes_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "planes",
	.fops = &planes_fops,
};

static void planes_free(void)
{
	int i;

	for (i = 0; i < PLANE_COUNT; i++)
		if (planes[i].folio)
			folio_put(planes[i].folio);
}

static int __init planes_init(void)
{
	pgoff_t first = 0;
	int i, err = -ENOMEM;

	for (i = 0; i < PLANE_COUNT; i++) {
		planes[i].folio = folio_alloc(GFP_KERNEL | __GFP_ZERO, planes[i].order);
		if (!planes[i].folio)
			goto failed;
		planes[i].first = first;
		first += folio_nr_pages(planes[i].folio);
		snprintf(folio_address(planes[i].folio), 8, "%s%u", planes[i].name, planes[i].order);
	}
	err = misc_register(&planes_device);
	if (!err)
		return 0;
failed:
	planes_free();
	return err;
}
module_init(planes_init);

static void __exit planes_exit(void)
{
	misc_deregister(&planes_device);
	planes_free();
}
module_exit(planes_exit);

MODULE_DESCRIPTION("A frame buffer of three planes");
MODULE_LICENSE("GPL");
