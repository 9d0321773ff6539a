/* SPDX-License-Identifier: MIT */
/*
 * Kinds of memory that a module of this folder maps. A module maps the page number vm_pgoff: KIND_STRIDE pages for each kind,
 * of which KIND_PAGES exist. Page i of kind k begins with the number 0x4b000000 + 256 * k + i.
 */
#ifndef ORACLE_KINDS_H
#define ORACLE_KINDS_H

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#define KIND_PAGES 4
#define KIND_STRIDE 16

enum kind {
	KIND_PAGE,
	KIND_BLOCK,
	KIND_COMPOUND,
	KIND_SPLIT,
	KIND_KMALLOC,
	KIND_BIG_KMALLOC,
	KIND_VMALLOC,
	KIND_VMALLOC_USER,
	KIND_EXACT,
	KIND_RESERVED_BIT,
	KIND_ZERO_PAGE,
	KIND_COUNT,
};

static struct page *kind_pages[KIND_COUNT][KIND_PAGES];
static struct page *kind_block, *kind_compound;
static void *kind_kmalloc[KIND_PAGES];
static void *kind_big_kmalloc, *kind_vmalloc, *kind_vmalloc_user, *kind_exact;

/* The page at an offset of the file, or NULL where nothing lies. */
static struct page *kind_page(unsigned long pgoff)
{
	if (pgoff / KIND_STRIDE >= KIND_COUNT || pgoff % KIND_STRIDE >= KIND_PAGES)
		return NULL;
	return kind_pages[pgoff / KIND_STRIDE][pgoff % KIND_STRIDE];
}

static int kinds_create(void)
{
	struct page *split;
	int kind, i;
	u32 *words;

	kind_block = alloc_pages(GFP_KERNEL | __GFP_ZERO, 2);
	kind_compound = alloc_pages(GFP_KERNEL | __GFP_ZERO | __GFP_COMP, 2);
	split = alloc_pages(GFP_KERNEL | __GFP_ZERO, 2);
	kind_big_kmalloc = kzalloc(KIND_PAGES * PAGE_SIZE, GFP_KERNEL);
	kind_vmalloc = vzalloc(KIND_PAGES * PAGE_SIZE);
	kind_vmalloc_user = vmalloc_user(KIND_PAGES * PAGE_SIZE);
	kind_exact = alloc_pages_exact(KIND_PAGES * PAGE_SIZE, GFP_KERNEL | __GFP_ZERO);
	if (!kind_block || !kind_compound || !split || !kind_big_kmalloc || !kind_vmalloc || !kind_vmalloc_user || !kind_exact)
		return -ENOMEM;
	split_page(split, 2);

	for (i = 0; i < KIND_PAGES; i++) {
		kind_kmalloc[i] = kzalloc(PAGE_SIZE, GFP_KERNEL);
		kind_pages[KIND_PAGE][i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		kind_pages[KIND_RESERVED_BIT][i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!kind_kmalloc[i] || !kind_pages[KIND_PAGE][i] || !kind_pages[KIND_RESERVED_BIT][i])
			return -ENOMEM;
		SetPageReserved(kind_pages[KIND_RESERVED_BIT][i]);
		kind_pages[KIND_BLOCK][i] = kind_block + i;
		kind_pages[KIND_COMPOUND][i] = kind_compound + i;
		kind_pages[KIND_SPLIT][i] = split + i;
		kind_pages[KIND_KMALLOC][i] = virt_to_page(kind_kmalloc[i]);
		kind_pages[KIND_BIG_KMALLOC][i] = virt_to_page(kind_big_kmalloc + i * PAGE_SIZE);
		kind_pages[KIND_VMALLOC][i] = vmalloc_to_page(kind_vmalloc + i * PAGE_SIZE);
		kind_pages[KIND_VMALLOC_USER][i] = vmalloc_to_page(kind_vmalloc_user + i * PAGE_SIZE);
		kind_pages[KIND_EXACT][i] = virt_to_page(kind_exact + i * PAGE_SIZE);
	}
	for (kind = 0; kind < KIND_COUNT; kind++) {
		for (i = 0; i < KIND_PAGES; i++) {
			if (kind == KIND_ZERO_PAGE)
				continue;
			words = page_address(kind_pages[kind][i]);
			words[0] = 0x4b000000 + 256 * kind + i;
		}
	}
	for (i = 0; i < KIND_PAGES; i++)
		kind_pages[KIND_ZERO_PAGE][i] = ZERO_PAGE(0);
	return 0;
}

static void kinds_destroy(void)
{
	int i;

	for (i = 0; i < KIND_PAGES; i++) {
		ClearPageReserved(kind_pages[KIND_RESERVED_BIT][i]);
		__free_page(kind_pages[KIND_RESERVED_BIT][i]);
		__free_page(kind_pages[KIND_PAGE][i]);
		__free_page(kind_pages[KIND_SPLIT][i]);
		kfree(kind_kmalloc[i]);
	}
	__free_pages(kind_block, 2);
	__free_pages(kind_compound, 2);
	kfree(kind_big_kmalloc);
	vfree(kind_vmalloc);
	vfree(kind_vmalloc_user);
	free_pages_exact(kind_exact, KIND_PAGES * PAGE_SIZE);
}

#endif
