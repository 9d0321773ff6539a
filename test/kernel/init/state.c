// SPDX-License-Identifier: MIT
/* The mappings and files of a scenario by number, and what the words of an instruction mean in them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "init.h"

struct state state;
struct frames *frames;

void state_reset(const char *device)
{
	/* Far away from where the kernel puts the mappings of scenarios. */
	if (!frames)
		frames = mmap((void *)0x300000000, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	memset(frames, 0, sizeof(*frames));
	memset(&state, 0, sizeof(state));
	snprintf(state.device, sizeof(state.device), "/dev/%s", device);
}

bool address_of(const char *base, const char *offset, uint64_t *address)
{
	const struct mapping *mapping;
	int index;

	if (*base == '-') {
		*address = number_of(offset);
		return true;
	}
	index = atoi(base + 1);
	if (index >= MAX_MAPPINGS || !state.mapping[index].made)
		return false;
	mapping = &state.mapping[index];
	*address = mapping->start + (*base == 'e' ? mapping->length : 0) + number_of(offset);
	return true;
}

uint64_t length_of(const char *word, const char *base, uint64_t start)
{
	const struct mapping *mapping;

	if (*word != '*')
		return number_of(word);
	if (*base == '-')
		return 0;
	mapping = &state.mapping[atoi(base + 1)];
	return mapping->start + mapping->length - start;
}

bool amount_of(char *word, uint64_t *amount)
{
	char *colon;
	char base[16];

	if (*word != '&') {
		*amount = number_of(word);
		return true;
	}
	colon = strchr(word, ':');
	if (!colon || colon - word > (long)sizeof(base))
		return false;
	memcpy(base, word + 1, colon - word - 1);
	base[colon - word - 1] = 0;
	return address_of(base, colon + 1, amount);
}
