/* SPDX-License-Identifier: MIT */
/* What the helper module and the init program share. */
#ifndef ORACLE_INSPECT_H
#define ORACLE_INSPECT_H

#include <linux/types.h>

/* A page table entry of the calling process and its page frame. */
struct oracle_page {
	__u64 address; /* in: a user address, for ORACLE_PAGE */
	__u64 pfn; /* in for ORACLE_FRAME, else out */
	__u32 present, writable, special;
	__u32 cache; /* the bits PWT 1, PCD 2, PAT 4 of the entry */
	__u32 has_page; /* there is a struct page; what follows is valid */
	__s32 refcount, mapcount;
	__u32 reserved, anonymous, zero;
	__u32 slab; /* its counts and owner are the allocator's: they say nothing about the page */
	/* ORACLE_PAGE marks a page of a driver; ORACLE_FRAME says whether the mark is still there: it goes when the page is freed. */
	__u32 marked;
};

/* Pages that are held like a device holds them. */
struct oracle_pin {
	__u64 address, length;
	__u32 slot, write;
};

/* Moves bytes through pinned pages, as direct I/O does. */
struct oracle_copy {
	__u64 address, buffer, length;
	__u32 write;
};

/* Not 1 and 2: the kernel answers those itself. */
#define ORACLE_PAGE 0x4f01
#define ORACLE_FRAME 0x4f02
#define ORACLE_PIN 0x4f03
#define ORACLE_UNPIN 0x4f04
#define ORACLE_COPY 0x4f05
#define ORACLE_CLEAR 0x4f06
#define ORACLE_CHECK 0x4f07

#define ORACLE_DEVICE "oracle-inspect"

#endif
