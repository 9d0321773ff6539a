// SPDX-License-Identifier: MIT
/*
 * Performs one scenario: loads the module, hands the instructions to the actors one by one, watches for those that hang or
 * die in the kernel, observes, lets everybody exit, removes the module, and reports.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "init.h"

/* The actor that reaches into others, and lives on when they have gone. */
#define TRACER (MAX_ACTORS - 1)

/*
 * Milliseconds of the guest, whose clock counts instructions: after PATIENCE an instruction hangs; after LAST_PATIENCE a killed process is
 * stuck in the kernel.
 */
#define PATIENCE 1000
#define LAST_PATIENCE 500
#define AFTER_OOPS 200

static struct text outcomes, state_lines, exit_lines, messages, answer;

/* What became of an instruction: it answered, its actor ended, or it did not come back. */
enum end { ANSWERED, ENDED, HANGS };

static long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static bool is_fatal;

static void read_log(void)
{
	is_fatal |= kernel_log_read(&messages);
}

/* Whether the actor is gone by now. */
static bool reap(struct actor *actor)
{
	if (!actor->is_gone && waitpid(actor->pid, NULL, WNOHANG) == actor->pid)
		actor->is_gone = true;
	return actor->is_gone;
}

static bool is_complete(void)
{
	return answer.length >= 2 && strcmp(answer.bytes + answer.length - 2, ".\n") == 0 &&
	       (answer.length == 2 || answer.bytes[answer.length - 3] == '\n');
}

/* Takes what the actor has said so far; true when the answer is whole, and then without its last line. */
static bool take_answer(struct actor *actor)
{
	ssize_t got;

	while (answer.length + 1 < TEXT_SIZE && (got = read(actor->answers[0], answer.bytes + answer.length, TEXT_SIZE - 1 - answer.length)) > 0) {
		answer.length += got;
		answer.bytes[answer.length] = 0;
		if (!is_complete())
			continue;
		answer.length -= answer.length > 2 ? 3 : 2;
		answer.bytes[answer.length] = 0;
		return true;
	}
	return false;
}

static enum end ask(struct actor *actor, const char *instruction)
{
	long until = now() + PATIENCE;

	text_clear(&answer);
	if (actor->is_gone)
		return ENDED;
	if (write(actor->commands[1], instruction, strlen(instruction)) < 0 || write(actor->commands[1], "\n", 1) < 0)
		return ENDED;
	while (now() < until) {
		struct pollfd polled = { .fd = actor->answers[0], .events = POLLIN };

		poll(&polled, 1, 20);
		if (take_answer(actor))
			return ANSWERED;
		if (reap(actor))
			return ENDED;
		read_log();
		if (is_fatal && until > now() + AFTER_OOPS)
			until = now() + AFTER_OOPS;
	}
	return HANGS;
}

/* Kills an actor; false when it does not go. */
static bool end_actor(struct actor *actor)
{
	long until = now() + (is_fatal ? AFTER_OOPS : LAST_PATIENCE);

	if (actor->is_made && !actor->is_gone)
		kill(actor->pid, SIGKILL);
	while (actor->is_made && !reap(actor)) {
		if (now() >= until)
			return false;
		usleep(5000);
	}
	return true;
}

static bool start_actor(int index, const char *name)
{
	struct actor *actor = &actors[index];

	actor->pid = fork();
	if (actor->pid == 0)
		actor_run(index);
	actor->is_made = actor->pid > 0;
	snprintf(actor->name, sizeof(actor->name), "%s", name);
	return actor->is_made;
}

/* The outcome of an instruction that did not answer. False: the kernel must not be used any longer. */
static bool give_up(struct actor *actor, enum end end)
{
	read_log();
	if (end == ENDED || is_fatal) {
		text_add(&outcomes, "killed\n");
		return end_actor(actor) && !is_fatal;
	}
	if (end_actor(actor)) {
		text_add(&outcomes, "hang\n");
		return true;
	}
	text_add(&outcomes, "stuck\n");
	return false;
}

/* remote WAY read|write OWNER BASE OFFSET REST: the owner says where, the tracer does it. */
static enum end ask_remote(struct words *words)
{
	struct actor *owner = &actors[atoi(words->word[3])];
	static char instruction[1 << 15];
	char address[32];
	enum end end;

	snprintf(instruction, sizeof(instruction), "where %s %s", words->word[4], words->word[5]);
	end = ask(owner, instruction);
	if (end != ANSWERED || strncmp(answer.bytes, "0x", 2) != 0)
		return end;
	snprintf(address, sizeof(address), "%.31s", answer.bytes);
	snprintf(instruction, sizeof(instruction), "%s %s %d %s %s", words->word[1], words->word[2], owner->pid, address, words->word[6]);
	return ask(&actors[TRACER], instruction);
}

/* Instructions that process 1 does itself; false for those of actors. */
static bool do_here(const char *module, int index, char *line, enum end *end)
{
	static char copy[1 << 15];
	struct actor *made;
	struct words words;

	snprintf(copy, sizeof(copy), "%s", line);
	words = split_words(copy);
	*end = ANSWERED;
	if (is_word(&words, 0, "rmmod")) {
		int error = module_remove(module);

		text_clear(&answer);
		text_add(&answer, "%s", error ? errno_name(error) : "ok");
		return true;
	}
	if (is_word(&words, 0, "exit")) {
		*end = ask(&actors[index], "exit");
		text_clear(&answer);
		text_add(&answer, "ok");
		if (*end == ENDED && !is_fatal)
			*end = ANSWERED;
		return true;
	}
	if (is_word(&words, 0, "remote")) {
		*end = ask_remote(&words);
		return true;
	}
	if (!is_word(&words, 0, "fork") && !is_word(&words, 0, "thread"))
		return false;
	*end = ask(&actors[index], line);
	made = &actors[atoi(words.word[1]) % TRACER];
	if (*end == ANSWERED && strncmp(answer.bytes, "pid ", 4) == 0) {
		made->pid = atoi(answer.bytes + 4);
		made->is_made = true;
		snprintf(made->name, sizeof(made->name), "%s", words.word[2]);
		text_clear(&answer);
		text_add(&answer, "ok");
	}
	return true;
}

/* Runs the instructions; false when the kernel must not be used any longer. */
static bool perform(const char *module, char **line, char *end)
{
	for (; *line < end; *line += strlen(*line) + 1) {
		int index = atoi(*line);
		char *instruction = strchr(*line, ' ');
		struct actor *actor = &actors[index % TRACER];
		enum end how;

		if (!instruction || strcmp(*line, "end") == 0)
			break;
		instruction++;
		if (strncmp(instruction, "name ", 5) == 0) {
			ask(actor, instruction);
			continue;
		}
		if (!actor->is_made || actor->is_gone) {
			text_add(&outcomes, "gone\n");
			continue;
		}
		if (!do_here(module, index, instruction, &how))
			how = ask(actor, instruction);
		if (how != ANSWERED)
			return give_up(actor, how);
		text_add(&outcomes, "%s\n", answer.bytes);
	}
	return true;
}

static bool observe_all(void)
{
	for (int i = 0; i < TRACER; i++) {
		char instruction[32];
		enum end end;

		if (!actors[i].is_made || actors[i].is_gone)
			continue;
		snprintf(instruction, sizeof(instruction), "observe %s", i == 0 ? "" : actors[i].name);
		end = ask(&actors[i], instruction);
		if (end != ANSWERED)
			return false;
		text_add(&state_lines, "%s\n", answer.bytes);
	}
	return true;
}

/* Everybody exits, the youngest first. */
static bool exit_all(void)
{
	for (int i = TRACER - 1; i >= 0; i--) {
		if (!actors[i].is_made || actors[i].is_gone)
			continue;
		ask(&actors[i], "exit");
		if (!end_actor(&actors[i])) {
			read_log();
			text_add(&exit_lines, "%s\n", is_fatal ? ". exit killed" : ". exit stuck");
			return false;
		}
	}
	return true;
}

static void report(const char *module, const char *name, enum left left)
{
	static const char *const words[] = { "goes on", "goes on without the module", "stops" };

	report_begin(module, name);
	report_lines("outcomes", &outcomes);
	report_lines("state", &state_lines);
	report_lines("exit", &exit_lines);
	report_lines("messages", &messages);
	report_field("kernel", words[left]);
	report_end();
}

/* All steps up to the removal of the module. */
static enum left run(const char *module, char **line, char *end)
{
	int error = module_load(module);
	bool is_usable;

	read_log();
	if (error) {
		text_add(&outcomes, "module %s\n", errno_name(error));
		return is_fatal ? KERNEL_BROKEN : CLEAN;
	}
	if (!start_actor(TRACER, "tracer") || !start_actor(0, "program"))
		return KERNEL_BROKEN;
	is_usable = perform(module, line, end) && observe_all();
	module_counts(module, ". counts", &state_lines);
	if (is_usable)
		is_usable = exit_all();
	module_counts(module, ". exited", &exit_lines);
	if (is_usable && ask(&actors[TRACER], "frames") == ANSWERED)
		text_add(&exit_lines, "%s\n", answer.bytes);
	end_actor(&actors[TRACER]);
	read_log();
	/* A process that died in the kernel keeps its locks and its files; nobody else needs them. One that runs on is worse. */
	if (is_fatal)
		return MODULE_HELD;
	if (!is_usable)
		return KERNEL_BROKEN;
	error = module_remove(module);
	if (error && error != ENOENT)
		text_add(&exit_lines, ". rmmod %s\n", errno_name(error));
	read_log();
	return is_fatal || (error && error != ENOENT) ? KERNEL_BROKEN : CLEAN;
}

/* What the kernel knows of cache types: a mapping that goes in parts leaves some behind, and later mappings have to fit to them. */
static char cache_types[2][16384];

static void read_cache_types(int which)
{
	read_file("/sys/kernel/debug/x86/pat_memtype_list", cache_types[which], sizeof(*cache_types));
}

/* Whether lockdep, where the kernel has it, has reported something: it says nothing more then until the next boot. */
static bool is_lockdep_over(void)
{
	static char stats[16384];
	const char *found;

	read_file("/proc/lockdep_stats", stats, sizeof(stats));
	found = strstr(stats, "debug_locks:");
	return found && atoi(found + strlen("debug_locks:")) == 0;
}

/*
 * Whether the allocator has lost its order, or cache types are left: that would be told of the next scenario. Or somebody has died inside
 * of a section of RCU, for whose end others would wait for ever.
 */
static bool is_dirty(void)
{
	static const char *const signs[] = {
		"BUG: Bad page", "corruption", "rcu_note_context_switch",
		/* Are told once in a boot, or once in a second. */
		"suspicious RCU usage", "sleeping function called",
	};

	read_cache_types(1);
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (strstr(messages.bytes, signs[i]))
			return true;
	return strcmp(cache_types[0], cache_types[1]) != 0 || is_lockdep_over();
}

enum left scenario_run(const char *module, const char *name, char **line, char *end)
{
	enum left left;

	text_clear(&outcomes);
	text_clear(&state_lines);
	text_clear(&exit_lines);
	read_log();
	text_clear(&messages);
	is_fatal = false;
	kernel_log_rearm();
	read_cache_types(0);
	state_reset(module);
	if (!actors_open())
		return KERNEL_BROKEN;
	left = run(module, line, end);
	inspect_check();
	read_log();
	actors_close();
	if (is_dirty())
		left = KERNEL_BROKEN;
	report(module, name, left);
	return left;
}
