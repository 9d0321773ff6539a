// SPDX-License-Identifier: MIT
/* How an instruction is answered. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "init.h"

/* The result of a system call; errno when it is -1. */
void answer_result(struct text *answer, long result)
{
	if (result == -1)
		text_add(answer, "%s", errno_name(errno));
	else if (result == 0)
		text_add(answer, "ok");
	else
		text_add(answer, "ok %ld", result);
}

/* FNV-1a. */
static uint32_t checksum(const unsigned char *bytes, size_t length)
{
	uint32_t sum = 2166136261u;

	for (size_t i = 0; i < length; i++)
		sum = (sum ^ bytes[i]) * 16777619u;
	return sum;
}

void answer_bytes(struct text *answer, const unsigned char *bytes, size_t length)
{
	uint64_t number = 0;

	if (length > 8) {
		text_add(answer, "sum 0x%08x", checksum(bytes, length));
		return;
	}
	memcpy(&number, bytes, length);
	text_add(answer, "0x%lx", number);
}

size_t bytes_of(const char *digits, unsigned char *bytes, size_t room)
{
	size_t count = 0;
	unsigned int byte;

	for (; count < room && sscanf(digits + 2 * count, "%2x", &byte) == 1; count++)
		bytes[count] = byte;
	return count;
}
