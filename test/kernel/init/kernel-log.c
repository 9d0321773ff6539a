// SPDX-License-Identifier: MIT
/* Reads the kernel's messages as they come, and keeps those that tell of trouble. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "init.h"

static int log_fd = -1;

/* A line is kept when it has one of these words. */
static const char *const trouble[] = {
	"BUG", "WARNING", "Oops", "Bad ", "bad ", "page dumped", "x86/PAT", "refcount_t", "general protection", "corruption",
	"INFO: ", "invalid opcode", "double free", "stack-protector", "Kernel panic", "raw:", "locked by", "but task is already",
};

/* After one of these a process has ended in the kernel. */
static const char *const fatal[] = { "kernel BUG at", "Oops", "BUG: unable to handle", "general protection fault" };

static bool has_one_of(const char *line, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strstr(line, words[i]))
			return true;
	return false;
}

void kernel_log_open(void)
{
	log_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (log_fd >= 0)
		lseek(log_fd, 0, SEEK_END);
}

/* What warns only once warns again. */
void kernel_log_rearm(void)
{
	write_file("/sys/kernel/debug/clear_warn_once", "1");
}

bool kernel_log_read(struct text *lines)
{
	static char record[8192];
	bool is_fatal = false;
	ssize_t length;

	while ((length = read(log_fd, record, sizeof(record) - 1)) > 0) {
		char *message, *end;

		record[length] = 0;
		message = strchr(record, ';');
		if (!message)
			continue;
		end = strchr(++message, '\n');
		if (end)
			*end = 0;
		if (has_one_of(message, trouble, sizeof(trouble) / sizeof(*trouble)))
			text_add(lines, "%s\n", message);
		is_fatal |= has_one_of(message, fatal, sizeof(fatal) / sizeof(*fatal));
	}
	return is_fatal;
}
