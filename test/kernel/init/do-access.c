// SPDX-License-Identifier: MIT
/* Instructions that reach the actor's own memory: by the processor, or by a system call that copies. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "init.h"

static unsigned char buffer[1 << 20];

struct access {
	uint64_t address;
	size_t length;
};

static void load(void *argument)
{
	const struct access *access = argument;
	const volatile unsigned char *from = (const void *)access->address;

	switch (access->length) {
	case 2:
		*(uint16_t *)buffer = *(const volatile uint16_t *)from;
		break;
	case 4:
		*(uint32_t *)buffer = *(const volatile uint32_t *)from;
		break;
	case 8:
		*(uint64_t *)buffer = *(const volatile uint64_t *)from;
		break;
	default:
		for (size_t i = 0; i < access->length; i++)
			buffer[i % sizeof(buffer)] = from[i];
	}
}

static void store(void *argument)
{
	const struct access *access = argument;
	volatile unsigned char *to = (void *)access->address;

	switch (access->length) {
	case 2:
		*(volatile uint16_t *)to = *(uint16_t *)buffer;
		break;
	case 4:
		*(volatile uint32_t *)to = *(uint32_t *)buffer;
		break;
	case 8:
		*(volatile uint64_t *)to = *(uint64_t *)buffer;
		break;
	default:
		for (size_t i = 0; i < access->length; i++)
			to[i] = buffer[i % sizeof(buffer)];
	}
}

static void jump(void *argument)
{
	((void (*)(void))((const struct access *)argument)->address)();
}

static void by_processor(const struct words *words, struct access *access, struct text *answer)
{
	bool is_read = is_word(words, 0, "read");
	int signal = guarded(is_read ? load : store, access, NULL);

	if (signal)
		text_add(answer, "%s", signal_name(signal));
	else if (is_read)
		answer_bytes(answer, buffer, access->length < sizeof(buffer) ? access->length : sizeof(buffer));
	else
		text_add(answer, "ok");
}

/* The kernel copies through a pipe; how much it could. */
static void by_system_call(bool is_read, const struct access *access, struct text *answer)
{
	int ends[2];
	long result;

	if (pipe(ends)) {
		answer_result(answer, -1);
		return;
	}
	if (is_read) {
		result = write(ends[1], (void *)access->address, access->length);
		if (result > 0)
			result = read(ends[0], buffer, result);
	} else {
		result = write(ends[1], buffer, access->length);
		if (result > 0)
			result = read(ends[0], (void *)access->address, access->length);
	}
	if (result > 0 && is_read)
		answer_bytes(answer, buffer, result);
	else
		answer_result(answer, result);
	close(ends[0]);
	close(ends[1]);
}

/* Whether the code at the address can be fetched; what it does then does not matter. */
static void run_code(struct access *access, struct text *answer)
{
	void *address;
	int signal = guarded(jump, access, &address);

	if (signal && (uint64_t)address == access->address)
		text_add(answer, "%s", signal_name(signal));
	else
		text_add(answer, "ok");
}

/*
 * read|copy-out BASE OFFSET LENGTH     write|copy-in BASE OFFSET BYTES     fill BASE OFFSET LENGTH BYTE
 * exec BASE OFFSET                     where BASE OFFSET
 */
bool do_access(const struct words *words, struct text *answer)
{
	static const char *const names[] = { "read", "write", "fill", "copy-out", "copy-in", "exec", "where" };
	struct access access = { .length = 0 };
	bool is_known = false;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		is_known |= is_word(words, 0, names[i]);
	if (!is_known)
		return false;
	if (!address_of(words->word[1], words->word[2], &access.address)) {
		text_add(answer, "skipped");
		return true;
	}
	if (is_word(words, 0, "where")) {
		text_add(answer, "0x%lx", access.address);
		return true;
	}
	if (is_word(words, 0, "exec")) {
		run_code(&access, answer);
		return true;
	}
	if (is_word(words, 0, "read") || is_word(words, 0, "copy-out")) {
		access.length = number_of(words->word[3]);
	} else if (is_word(words, 0, "fill")) {
		access.length = number_of(words->word[3]);
		memset(buffer, number_of(words->word[4]), sizeof(buffer));
	} else {
		access.length = bytes_of(words->word[3], buffer, sizeof(buffer));
	}
	if (is_word(words, 0, "copy-out") || is_word(words, 0, "copy-in"))
		by_system_call(is_word(words, 0, "copy-out"), &access, answer);
	else
		by_processor(words, &access, answer);
	return true;
}
