// SPDX-License-Identifier: MIT
/* Loads and removes modules of /modules, and reads the counts that they keep as parameters. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "init.h"

/* The name that the kernel knows: underscores for hyphens. */
static void kernel_name(const char *name, char *out, size_t room)
{
	snprintf(out, room, "%s", name);
	for (char *c = out; *c; c++)
		if (*c == '-')
			*c = '_';
}

/* 0, or the error. */
int module_load(const char *name)
{
	char path[128];
	int fd, result;

	snprintf(path, sizeof(path), "/modules/%s.ko", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	result = syscall(SYS_finit_module, fd, "", 0) ? errno : 0;
	close(fd);
	return result;
}

/* 0, or the error: EAGAIN or EBUSY for a module that is in use. */
int module_remove(const char *name)
{
	char known[64];

	kernel_name(name, known, sizeof(known));
	return syscall(SYS_delete_module, known, O_NONBLOCK) ? errno : 0;
}

static int by_name(const struct dirent **left, const struct dirent **right)
{
	return strcmp((*left)->d_name, (*right)->d_name);
}

static int is_count(const struct dirent *entry)
{
	return strncmp(entry->d_name, "count_", 6) == 0;
}

/* `HEAD close=1 open=2`, by name; nothing for a module without counts. */
void module_counts(const char *name, const char *head, struct text *answer)
{
	char known[64], folder[128], path[512], value[32];
	struct dirent **entries = NULL;
	int count;

	kernel_name(name, known, sizeof(known));
	snprintf(folder, sizeof(folder), "/sys/module/%s/parameters", known);
	count = scandir(folder, &entries, is_count, by_name);
	for (int i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		read_file(path, value, sizeof(value));
		if (i == 0)
			text_add(answer, "%s", head);
		text_add(answer, " %s=%d", entries[i]->d_name + 6, atoi(value));
		free(entries[i]);
	}
	if (count > 0)
		text_add(answer, "\n");
	free(entries);
}
