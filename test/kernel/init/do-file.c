// SPDX-License-Identifier: MIT
/* Instructions about file descriptors. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "init.h"

static unsigned char buffer[1 << 20];

/* The index of the last file with this number, or of the last one for `*`; -1: none. */
static int find(const char *word)
{
	for (int i = state.files - 1; i >= 0; i--)
		if (*word == '*' || state.file[i].name == atoi(word))
			return i;
	return -1;
}

static void add(const char *name, int fd)
{
	if (fd >= 0 && state.files < MAX_FILES)
		state.file[state.files++] = (struct descriptor){ .name = *name == '*' ? -1 : atoi(name), .fd = fd };
}

static void remove_at(int index)
{
	memmove(&state.file[index], &state.file[index + 1], (state.files - index - 1) * sizeof(*state.file));
	state.files--;
}

/* The file that a mapping instruction means, or -1. */
int file_of(const char *word)
{
	int index = find(word);

	return index < 0 ? -1 : state.file[index].fd;
}

static void transfer(int fd, const struct words *words, struct text *answer)
{
	bool is_write = is_word(words, 0, "pwrite");
	bool is_positioned = !is_word(words, 3, "*");
	uint64_t address = (uintptr_t)buffer;
	uint64_t length = number_of(words->word[2]);
	long result;

	/* pread FILE LENGTH POSITION [ADDRESS]; pwrite FILE LENGTH POSITION ADDRESS|=BYTES */
	if (words->count > 4 && *words->word[4] == '=') {
		length = bytes_of(words->word[4] + 1, buffer, sizeof(buffer));
	} else if (words->count > 4 && !amount_of(words->word[4], &address)) {
		text_add(answer, "skipped");
		return;
	}
	if (is_positioned)
		result = syscall(is_write ? SYS_pwrite64 : SYS_pread64, fd, address, length, number_of(words->word[3]));
	else
		result = syscall(is_write ? SYS_write : SYS_read, fd, address, length);
	answer_result(answer, result);
	if (result > 0 && !is_write && address == (uintptr_t)buffer) {
		text_add(answer, " ");
		answer_bytes(answer, buffer, result);
	}
}

/*
 * open FILE FLAGS          dup FILE OLD           close FILE
 * ioctl FILE NUMBER AMOUNT|=BYTES                 poll FILE
 * lseek FILE OFFSET WHENCE  pread …  pwrite …
 */
bool do_file(const struct words *words, struct text *answer)
{
	uint64_t amount;
	int index, fd;

	if (is_word(words, 0, "open")) {
		fd = open(state.device, number_of(words->word[2]));
		add(words->word[1], fd);
		answer_result(answer, fd < 0 ? -1 : 0);
		return true;
	}
	if (words->count < 2)
		return false;
	if (is_word(words, 0, "dup")) {
		fd = file_of(words->word[2]);
		if (fd < 0) {
			text_add(answer, "skipped");
			return true;
		}
		fd = dup(fd);
		add(words->word[1], fd);
		answer_result(answer, fd < 0 ? -1 : 0);
		return true;
	}
	if (!is_word(words, 0, "close") && !is_word(words, 0, "ioctl") && !is_word(words, 0, "poll") && !is_word(words, 0, "lseek") &&
	    !is_word(words, 0, "pread") && !is_word(words, 0, "pwrite"))
		return false;
	index = find(words->word[1]);
	if (index < 0) {
		text_add(answer, "skipped");
		return true;
	}
	fd = state.file[index].fd;
	if (is_word(words, 0, "close")) {
		remove_at(index);
		answer_result(answer, close(fd));
	} else if (is_word(words, 0, "ioctl")) {
		if (*words->word[3] == '=') {
			bytes_of(words->word[3] + 1, buffer, sizeof(buffer));
			amount = (uintptr_t)buffer;
		} else if (!amount_of(words->word[3], &amount)) {
			text_add(answer, "skipped");
			return true;
		}
		answer_result(answer, ioctl(fd, number_of(words->word[2]), amount));
	} else if (is_word(words, 0, "poll")) {
		struct pollfd polled = { .fd = fd, .events = 0x7fff };

		poll(&polled, 1, 0);
		text_add(answer, "0x%x", polled.revents);
	} else if (is_word(words, 0, "lseek")) {
		answer_result(answer, lseek(fd, number_of(words->word[2]), atoi(words->word[3])));
	} else {
		transfer(fd, words, answer);
	}
	return true;
}
