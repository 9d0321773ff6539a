// SPDX-License-Identifier: MIT
/* What maps, smaps and the page tables show of the mappings with names, as lines of a recording. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../inspect/oracle-inspect.h"
#include "init.h"

#define MOST_VMAS 256
#define MOST_PAGES 512

struct vma {
	uint64_t start, end, offset, rss;
	char rights[8];
	char flags[128];
};

static char smaps[1 << 18];
static struct vma vmas[MOST_VMAS];

/* Reads all vmas of this process; their number. */
static int read_vmas(void)
{
	char *rest = NULL;
	int count = 0;

	read_file("/proc/self/smaps", smaps, sizeof(smaps));
	for (char *line = strtok_r(smaps, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		struct vma next = { .start = 0 };

		if (sscanf(line, "%lx-%lx %7s %lx", &next.start, &next.end, next.rights, &next.offset) == 4) {
			if (count == MOST_VMAS)
				break;
			vmas[count++] = next;
		} else if (count > 0 && strncmp(line, "Rss:", 4) == 0) {
			vmas[count - 1].rss = strtoull(line + 4, NULL, 10) * 1024;
		} else if (count > 0 && strncmp(line, "VmFlags:", 8) == 0) {
			char *flags = vmas[count - 1].flags;

			snprintf(flags, sizeof(vmas->flags), "%s", line + 8);
			for (size_t length = strlen(flags); length > 0 && flags[length - 1] == ' '; length--)
				flags[length - 1] = 0;
		}
	}
	return count;
}

/* `0`, `2p`, `-1p`. */
static void add_pages(struct text *answer, int64_t bytes)
{
	text_add(answer, bytes ? "%ldp" : "%ld", bytes / (int64_t)PAGE);
}

static void describe_vma(const char *prefix, const char *name, uint64_t base, const struct vma *vma, struct text *answer)
{
	text_add(answer, ". %s%s ", prefix, name);
	add_pages(answer, vma->start - base);
	text_add(answer, "..");
	add_pages(answer, vma->end - base);
	text_add(answer, " %s off 0x%lx rss ", vma->rights, vma->offset / PAGE);
	add_pages(answer, vma->rss);
	text_add(answer, " flags%s\n", vma->flags);
}

/* By the number that PWT, PCD and PAT make; how Linux programs the table. */
static const char *const caches[] = { "", " wc", " uc-", " uc", "", " wp", " uc-", " wt" };

static void describe_page(const struct oracle_page *page, char *out, size_t room)
{
	int length = snprintf(out, room, "%s %s%s", page->writable ? "rw" : "r-", page->special ? "special" : "normal", caches[page->cache & 7]);

	if (!page->has_page)
		snprintf(out + length, room - length, " no-page");
	else if (page->zero)
		snprintf(out + length, room - length, " zero");
	else if (page->slab)
		snprintf(out + length, room - length, " slab");
	else if (page->anonymous)
		snprintf(out + length, room - length, " anon maps %d", page->mapcount);
	else
		snprintf(out + length, room - length, "%s refs %d maps %d", page->reserved ? " reserved" : "", page->refcount, page->mapcount);
}

static void remember(const struct oracle_page *page, const char *prefix, const char *name, uint64_t index)
{
	const int most = sizeof(frames->frame) / sizeof(*frames->frame);

	if (!page->has_page || page->zero || page->slab || page->anonymous || page->refcount <= 0 || frames->count == most)
		return;
	for (int i = 0; i < frames->count; i++)
		if (frames->frame[i].pfn == page->pfn)
			return;
	snprintf(frames->frame[frames->count].label, sizeof(frames->frame->label), "%s%s+%ld%s", prefix, name, index, index ? "p" : "");
	frames->frame[frames->count++].pfn = page->pfn;
}

/* `. a+0..3p LIKE`: pages `first` up to `end` look the same. */
static void describe_run(const char *prefix, const char *name, uint64_t first, uint64_t end, const char *like, struct text *answer)
{
	if (!*like)
		return;
	text_add(answer, ". %s%s+", prefix, name);
	add_pages(answer, first * PAGE);
	if (end > first + 1)
		text_add(answer, "..%ldp", end);
	text_add(answer, " %s\n", like);
}

static void observe_pages(const char *prefix, int index, struct text *answer)
{
	const struct mapping *mapping = &state.mapping[index];
	const char *name = state.name[index];
	uint64_t count = mapping->length / PAGE < MOST_PAGES ? mapping->length / PAGE : MOST_PAGES;
	char like[64] = "", next[64];
	uint64_t first = 0;

	for (uint64_t i = 0; i < count; i++) {
		struct oracle_page page;

		next[0] = 0;
		if (inspect_address(mapping->start + i * PAGE, &page) && page.present) {
			describe_page(&page, next, sizeof(next));
			remember(&page, prefix, name, i);
		}
		if (strcmp(like, next) == 0)
			continue;
		describe_run(prefix, name, first, i, like, answer);
		strcpy(like, next);
		first = i;
	}
	describe_run(prefix, name, first, count, like, answer);
}

void observe(const char *prefix, struct text *answer)
{
	int count = read_vmas();

	for (int index = 0; index < MAX_MAPPINGS; index++) {
		const struct mapping *mapping = &state.mapping[index];

		if (!mapping->made || !state.name[index][0])
			continue;
		for (int i = 0; i < count; i++)
			if (vmas[i].start < mapping->start + mapping->length && vmas[i].end > mapping->start)
				describe_vma(prefix, state.name[index], mapping->start, &vmas[i], answer);
		observe_pages(prefix, index, answer);
	}
}

void observe_frames(struct text *answer)
{
	for (int i = 0; i < frames->count; i++) {
		struct oracle_page page;

		if (!inspect_frame(frames->frame[i].pfn, &page) || !page.has_page)
			continue;
		text_add(answer, ". after %s ", frames->frame[i].label);
		text_add(answer, page.marked ? "refs %d\n" : "freed\n", page.refcount);
	}
}
