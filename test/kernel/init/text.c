// SPDX-License-Identifier: MIT
/* Text of fixed room, words of a line, small files. Knows nothing of scenarios. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "init.h"

void text_clear(struct text *text)
{
	text->length = 0;
	text->bytes[0] = 0;
}

/* What does not fit is left out. */
void text_add(struct text *text, const char *format, ...)
{
	size_t room = TEXT_SIZE - text->length;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text->bytes + text->length, room, format, arguments);
	va_end(arguments);
	if (length < 0)
		return;
	text->length += (size_t)length < room ? (size_t)length : room - 1;
}

/* Cuts `line` at blanks; the words point into it. */
struct words split_words(char *line)
{
	struct words words = { .count = 0 };
	char *rest = NULL;

	for (char *word = strtok_r(line, " \n", &rest); word && words.count < MAX_WORDS; word = strtok_r(NULL, " \n", &rest))
		words.word[words.count++] = word;
	return words;
}

bool is_word(const struct words *words, int index, const char *wanted)
{
	return index < words->count && strcmp(words->word[index], wanted) == 0;
}

/* Decimal, or hexadecimal with 0x; a minus sign wraps around. */
uint64_t number_of(const char *word)
{
	return *word == '-' ? -strtoull(word + 1, NULL, 0) : strtoull(word, NULL, 0);
}

size_t read_file(const char *path, char *buffer, size_t room)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t length = 0;
	ssize_t got;

	if (fd < 0)
		return 0;
	while (length + 1 < room && (got = read(fd, buffer + length, room - 1 - length)) > 0)
		length += got;
	close(fd);
	buffer[length] = 0;
	return length;
}

bool write_file(const char *path, const char *content)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done;

	if (fd < 0)
		return false;
	done = write(fd, content, strlen(content)) >= 0;
	close(fd);
	return done;
}
