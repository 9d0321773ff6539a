// SPDX-License-Identifier: MIT
/* A process of a scenario: reads instructions from its pipe, does them, answers. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "init.h"

struct actor actors[MAX_ACTORS];

/* Pipes for all actors that may come; children inherit them. */
bool actors_open(void)
{
	memset(actors, 0, sizeof(actors));
	for (int i = 0; i < MAX_ACTORS; i++)
		if (pipe(actors[i].commands) || pipe(actors[i].answers) || fcntl(actors[i].answers[0], F_SETFL, O_NONBLOCK))
			return false;
	return true;
}

void actors_close(void)
{
	for (int i = 0; i < MAX_ACTORS; i++)
		for (int end = 0; end < 2; end++) {
			close(actors[i].commands[end]);
			close(actors[i].answers[end]);
		}
}

static char thread_stack[MAX_ACTORS][1 << 17] __attribute__((aligned(16)));

static int thread_start(void *index)
{
	actor_run((long)index);
}

/* Both are children of process 1, so that it sees them end. */
long actor_fork(int index, bool is_thread)
{
	const int flags = CLONE_PARENT | SIGCHLD;
	long pid;

	if (is_thread)
		return clone(thread_start, thread_stack[index] + sizeof(thread_stack[index]), flags | CLONE_VM | CLONE_FILES | CLONE_FS | CLONE_SIGHAND,
			     (void *)(long)index);
	pid = syscall(SYS_clone, flags, NULL, NULL, NULL, 0);
	if (pid == 0)
		actor_run(index);
	return pid;
}

/* fork|thread INDEX, exit, name MAPPING NAME, observe PREFIX, frames; everything else is another file's. */
static void perform(char *line, struct text *answer)
{
	struct words words = split_words(line);

	if (words.count == 0)
		return;
	if (is_word(&words, 0, "exit"))
		_exit(0);
	if (is_word(&words, 0, "fork") || is_word(&words, 0, "thread")) {
		long pid = actor_fork(atoi(words.word[1]), is_word(&words, 0, "thread"));

		if (pid < 0)
			text_add(answer, "%s", errno_name(errno));
		else
			text_add(answer, "pid %ld", pid);
	} else if (is_word(&words, 0, "name")) {
		snprintf(state.name[atoi(words.word[1]) % MAX_MAPPINGS], sizeof(*state.name), "%s", words.word[2]);
	} else if (is_word(&words, 0, "observe")) {
		char prefix[20] = "";

		if (words.count > 1)
			snprintf(prefix, sizeof(prefix), "%s ", words.word[1]);
		observe(prefix, answer);
	} else if (is_word(&words, 0, "frames")) {
		observe_frames(answer);
	} else if (!do_file(&words, answer) && !do_mapping(&words, answer) && !do_access(&words, answer) && !do_remote(&words, answer) &&
		   !do_pin(&words, answer)) {
		text_add(answer, "unknown instruction");
	}
}

/* One line up to the newline; false at the end. */
static bool read_line(int fd, char *line, size_t room)
{
	size_t length = 0;
	char c;

	for (;;) {
		ssize_t got = read(fd, &c, 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		if (c == '\n')
			break;
		if (length + 1 < room)
			line[length++] = c;
	}
	line[length] = 0;
	return true;
}

/* The answer ends with a line of one dot. */
static void send(int fd, struct text *answer)
{
	text_add(answer, "\n.\n");
	for (size_t done = 0; done < answer->length;) {
		ssize_t written = write(fd, answer->bytes + done, answer->length - done);

		if (written < 0 && errno != EINTR)
			_exit(1);
		if (written > 0)
			done += written;
	}
}

void actor_run(int index)
{
	/* Threads share memory: each actor has its own. */
	static struct text answers[MAX_ACTORS];
	static char lines[MAX_ACTORS][1 << 14];
	struct text *answer = &answers[index];

	guard_install();
	while (read_line(actors[index].commands[0], lines[index], sizeof(lines[index]))) {
		text_clear(answer);
		perform(lines[index], answer);
		send(actors[index].answers[1], answer);
	}
	_exit(0);
}
