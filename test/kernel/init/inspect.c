// SPDX-License-Identifier: MIT
/* Asks the helper module, and lets it hold pages. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../inspect/oracle-inspect.h"
#include "init.h"

static int inspect_fd = -1;

bool inspect_open(void)
{
	if (module_load("oracle-inspect"))
		return false;
	inspect_fd = open("/dev/" ORACLE_DEVICE, O_RDWR | O_CLOEXEC);
	return inspect_fd >= 0;
}

bool inspect_address(uint64_t address, struct oracle_page *page)
{
	memset(page, 0, sizeof(*page));
	page->address = address;
	return ioctl(inspect_fd, ORACLE_PAGE, page) == 0;
}

bool inspect_frame(uint64_t pfn, struct oracle_page *page)
{
	memset(page, 0, sizeof(*page));
	page->pfn = pfn;
	return ioctl(inspect_fd, ORACLE_FRAME, page) == 0;
}

void inspect_clear(void)
{
	ioctl(inspect_fd, ORACLE_CLEAR, 0);
}

void inspect_check(void)
{
	ioctl(inspect_fd, ORACLE_CHECK, 0);
}

/*
 * pin SLOT BASE OFFSET LENGTH read|write
 * unpin SLOT
 * direct read BASE OFFSET LENGTH
 * direct write BASE OFFSET BYTES
 */
bool do_pin(const struct words *words, struct text *answer)
{
	static unsigned char buffer[1 << 16];
	struct oracle_copy copy = { .buffer = (uintptr_t)buffer };
	struct oracle_pin pin;
	uint64_t address;
	long result;

	if (is_word(words, 0, "unpin")) {
		text_add(answer, ioctl(inspect_fd, ORACLE_UNPIN, number_of(words->word[1])) ? "skipped" : "ok");
		return true;
	}
	if (is_word(words, 0, "pin")) {
		if (!address_of(words->word[2], words->word[3], &address)) {
			text_add(answer, "skipped");
			return true;
		}
		pin.slot = number_of(words->word[1]);
		pin.address = address;
		pin.length = length_of(words->word[4], words->word[2], address);
		pin.write = is_word(words, 5, "write");
		answer_result(answer, ioctl(inspect_fd, ORACLE_PIN, &pin));
		return true;
	}
	if (!is_word(words, 0, "direct"))
		return false;
	if (!address_of(words->word[2], words->word[3], &address)) {
		text_add(answer, "skipped");
		return true;
	}
	copy.address = address;
	copy.write = is_word(words, 1, "write");
	copy.length = copy.write ? bytes_of(words->word[4], buffer, sizeof(buffer)) : number_of(words->word[4]);
	result = ioctl(inspect_fd, ORACLE_COPY, &copy);
	if (result > 0 && !copy.write)
		answer_bytes(answer, buffer, result);
	else
		answer_result(answer, result);
	return true;
}
