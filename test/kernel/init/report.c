// SPDX-License-Identifier: MIT
/* Writes one JSON object a line to the second serial port. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "init.h"

static int port = -1;
static struct text out;

void report_open(void)
{
	struct termios settings;

	port = open("/dev/ttyS1", O_WRONLY | O_NOCTTY | O_CLOEXEC);
	if (port >= 0 && tcgetattr(port, &settings) == 0) {
		cfmakeraw(&settings);
		tcsetattr(port, TCSANOW, &settings);
	}
}

static void flush(void)
{
	for (size_t done = 0; done < out.length;) {
		ssize_t written = write(port, out.bytes + done, out.length - done);

		if (written <= 0)
			break;
		done += written;
	}
	text_clear(&out);
}

static void string(const char *text, size_t length)
{
	text_add(&out, "\"");
	for (size_t i = 0; i < length; i++) {
		unsigned char c = text[i];

		if (c == '"' || c == '\\')
			text_add(&out, "\\%c", c);
		else if (c < ' ' || c > '~')
			text_add(&out, "\\u%04x", c);
		else
			text_add(&out, "%c", c);
	}
	text_add(&out, "\"");
}

void report_begin(const char *module, const char *scenario)
{
	text_clear(&out);
	text_add(&out, "{\"module\":");
	string(module, strlen(module));
	report_field("scenario", scenario);
}

void report_field(const char *name, const char *text)
{
	text_add(&out, ",\"%s\":", name);
	string(text, strlen(text));
	flush();
}

/* The lines of a text as an array. */
void report_lines(const char *name, const struct text *lines)
{
	const char *line = lines->bytes;
	bool first = true;

	text_add(&out, ",\"%s\":[", name);
	while (*line) {
		size_t length = strcspn(line, "\n");

		if (length > 0) {
			if (!first)
				text_add(&out, ",");
			string(line, length);
			first = false;
		}
		line += length + (line[length] == '\n');
		flush();
	}
	text_add(&out, "]");
	flush();
}

void report_end(void)
{
	text_add(&out, "}\n");
	flush();
	tcdrain(port);
}
