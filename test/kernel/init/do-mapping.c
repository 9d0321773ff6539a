// SPDX-License-Identifier: MIT
/* Instructions about mappings. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "init.h"

static uint64_t page_align(uint64_t length)
{
	return (length + PAGE - 1) & ~(PAGE - 1);
}

static void set_mapping(const char *number, uint64_t start, uint64_t length)
{
	int index = atoi(number);

	if (index >= 0 && index < MAX_MAPPINGS)
		state.mapping[index] = (struct mapping){ .start = start, .length = page_align(length), .made = true };
}

/* mmap MAPPING FILE|- BASE OFFSET LENGTH PROT FLAGS AMOUNT: BASE and OFFSET are `- 0` without an address. */
static void do_mmap(const struct words *words, struct text *answer)
{
	char *const *word = words->word;
	bool is_anonymous = *word[2] == '-';
	uint64_t address, offset, length = number_of(word[5]);
	int fd = is_anonymous ? -1 : file_of(word[2]);
	long result;

	if ((!is_anonymous && fd < 0) || !address_of(word[3], word[4], &address) || !amount_of(word[8], &offset)) {
		text_add(answer, "skipped");
		return;
	}
	result = syscall(SYS_mmap, address, length, number_of(word[6]), number_of(word[7]), fd, offset);
	if (result != -1)
		set_mapping(word[1], result, length);
	answer_result(answer, result == -1 ? -1 : 0);
}

/* mremap MAPPING|* BASE OFFSET OLD LENGTH FLAGS NEWBASE NEWOFFSET: the name follows unless it is `*`. */
static void do_mremap(const struct words *words, struct text *answer)
{
	char *const *word = words->word;
	uint64_t address, target;
	long result;

	if (!address_of(word[2], word[3], &address) || !address_of(word[7], word[8], &target)) {
		text_add(answer, "skipped");
		return;
	}
	result = syscall(SYS_mremap, address, length_of(word[4], word[2], address), number_of(word[5]), number_of(word[6]), target);
	if (result != -1 && *word[1] != '*')
		set_mapping(word[1], result, number_of(word[5]));
	answer_result(answer, result == -1 ? -1 : 0);
}

static void do_mincore(uint64_t address, uint64_t length, struct text *answer)
{
	static unsigned char pages[1 << 12];
	size_t count = page_align(length) / PAGE;

	if (count > sizeof(pages)) {
		text_add(answer, "skipped");
	} else if (mincore((void *)address, length, pages)) {
		answer_result(answer, -1);
	} else {
		for (size_t i = 0; i < count; i++)
			pages[i] &= 1;
		answer_bytes(answer, pages, count);
	}
}

/*
 * INSTRUCTION BASE OFFSET LENGTH [NUMBER]: munmap, mprotect (rights), madvise (advice), mlock (mlock2's flags), munlock,
 * msync (flags), mincore, remap_file_pages (page offset)
 */
static bool on_range(const struct words *words, struct text *answer)
{
	static const char *const names[] = { "munmap", "mprotect", "madvise", "mlock", "munlock", "msync", "mincore", "remap_file_pages" };
	static const long calls[] = { SYS_munmap, SYS_mprotect, SYS_madvise, SYS_mlock2, SYS_munlock, SYS_msync, SYS_mincore, SYS_remap_file_pages };
	uint64_t address, length, number = words->count > 4 ? number_of(words->word[4]) : 0;
	size_t which = 0;

	while (which < sizeof(calls) / sizeof(*calls) && !is_word(words, 0, names[which]))
		which++;
	if (which == sizeof(calls) / sizeof(*calls))
		return false;
	if (!address_of(words->word[1], words->word[2], &address)) {
		text_add(answer, "skipped");
		return true;
	}
	length = length_of(words->word[3], words->word[1], address);
	switch (calls[which]) {
	case SYS_mincore:
		do_mincore(address, length, answer);
		break;
	case SYS_remap_file_pages:
		answer_result(answer, syscall(SYS_remap_file_pages, address, length, 0, number, 0));
		break;
	case SYS_mlock2:
		answer_result(answer, number ? syscall(SYS_mlock2, address, length, number) : syscall(SYS_mlock, address, length));
		break;
	default:
		answer_result(answer, syscall(calls[which], address, length, number));
	}
	return true;
}

bool do_mapping(const struct words *words, struct text *answer)
{
	if (is_word(words, 0, "mmap")) {
		do_mmap(words, answer);
	} else if (is_word(words, 0, "mremap")) {
		do_mremap(words, answer);
	} else if (is_word(words, 0, "mlockall")) {
		answer_result(answer, mlockall(number_of(words->word[1])));
	} else if (is_word(words, 0, "munlockall")) {
		answer_result(answer, munlockall());
	} else {
		return on_range(words, answer);
	}
	return true;
}
