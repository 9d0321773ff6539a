// SPDX-License-Identifier: MIT
/*
 * Process 1: performs the scenarios of /script one after the other and restarts the machine. A line `scenario MODULE NAME`
 * begins one, `end` ends it; the lines between are `ACTOR INSTRUCTION`. The holes in physical memory and the video memory are
 * filled anew before each.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <unistd.h>

#include "init.h"

static char script[8 << 20];

/*
 * Where the kernel was told to keep away, and the video memory of the card, as far as modules use it; with the byte that the model shows
 * where nobody has written.
 */
static const struct {
	off_t start;
	size_t length;
	int byte;
} holes[] = { { 0x8000000, 1 << 20, 0 }, { 0x18000000, 1 << 20, 0 }, { 0xfd000000, 1 << 20, 0xdd }, { 0xfdff0000, 1 << 16, 0xdd } };

static void fill_holes(void)
{
	int fd = open("/dev/mem", O_RDWR | O_CLOEXEC);

	for (size_t i = 0; i < sizeof(holes) / sizeof(*holes); i++) {
		void *memory = mmap(NULL, holes[i].length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, holes[i].start);

		if (memory == MAP_FAILED)
			continue;
		memset(memory, holes[i].byte, holes[i].length);
		munmap(memory, holes[i].length);
	}
	close(fd);
}

static void prepare(void)
{
	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mkdir("/dev", 0755);
	mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	mount("proc", "/proc", "proc", 0, NULL);
	mount("sysfs", "/sys", "sysfs", 0, NULL);
	mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL);
	/* A name like the one that scenarios have for the program: it stands in some messages. */
	write_file("/proc/self/comm", "program");
	write_file("/proc/sys/kernel/randomize_va_space", "0");
	write_file("/proc/sys/kernel/printk_ratelimit", "0");
	write_file("/proc/sys/kernel/hung_task_timeout_secs", "0");
	kernel_log_open();
	report_open();
}

/* Modules that processes which died in the kernel hold; after so many of them a fresh kernel is better. */
static char held[8][64];
static int held_count;

static bool is_held(const char *module)
{
	for (int i = 0; i < held_count; i++)
		if (strcmp(held[i], module) == 0)
			return true;
	return false;
}

static void skip(const char *module, const char *scenario)
{
	report_begin(module, scenario);
	report_field("kernel", "skips");
	report_end();
}

/* False when the kernel must not be used any longer. */
static bool run(const char *module, const char *scenario, char **line, char *end)
{
	if (is_held(module)) {
		skip(module, scenario);
		return true;
	}
	fill_holes();
	inspect_clear();
	switch (scenario_run(module, scenario, line, end)) {
	case CLEAN:
		return true;
	case MODULE_HELD:
		snprintf(held[held_count++], sizeof(*held), "%s", module);
		return held_count < (int)(sizeof(held) / sizeof(*held));
	case KERNEL_BROKEN:
		break;
	}
	return false;
}

int main(void)
{
	size_t length;
	char *line, *end;
	bool is_over = false;

	prepare();
	length = read_file("/script", script, sizeof(script));
	end = script + length;
	for (char *c = script; c < end; c++)
		if (*c == '\n')
			*c = 0;
	if (!inspect_open()) {
		report_begin("oracle-inspect", "load");
		report_field("kernel", "cannot be inspected");
		report_end();
		is_over = true;
	}
	for (line = script; line < end && !is_over; line += strlen(line) + 1) {
		static char copy[256];
		struct words words;

		snprintf(copy, sizeof(copy), "%.255s", line);
		words = split_words(copy);
		if (!is_word(&words, 0, "scenario"))
			continue;
		line += strlen(line) + 1;
		is_over = !run(words.word[1], words.word[2], &line, end);
	}
	report_begin("", "");
	report_field("kernel", "restarts");
	report_end();
	reboot(RB_AUTOBOOT);
	return 0;
}
