/* SPDX-License-Identifier: MIT */
/*
 * What the files of the init program share. Process 1 (main.c) reads the script and performs one scenario after the other
 * (scenario.c). Each process of a scenario is an actor (actor.c): it gets instructions over a pipe, does them (do-*.c) and
 * answers with lines of text. An actor may hang or die in the kernel; process 1 must not.
 */
#ifndef ORACLE_INIT_H
#define ORACLE_INIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PAGE 4096ul
#define MAX_WORDS 24
#define MAX_ACTORS 6
#define MAX_MAPPINGS 16
#define MAX_FILES 8
#define TEXT_SIZE (1 << 16)

/* text.c: growing text of fixed room, and instructions cut into words */
struct text {
	char bytes[TEXT_SIZE];
	size_t length;
};

struct words {
	char *word[MAX_WORDS];
	int count;
};

void text_clear(struct text *text);
void text_add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct words split_words(char *line);
bool is_word(const struct words *words, int index, const char *wanted);
uint64_t number_of(const char *word);
size_t read_file(const char *path, char *buffer, size_t room);
bool write_file(const char *path, const char *content);

/* names.c: errors and signals by name */
const char *errno_name(int error);
const char *signal_name(int signal);

/* guard.c: does something that may end in SIGSEGV or SIGBUS */
void guard_install(void);
/* 0, or the number of the signal; *address is where it happened */
int guarded(void (*action)(void *), void *argument, void **address);

/* state.c: the mappings and files of a scenario, by number; memory that threads share and children copy */
struct mapping {
	uint64_t start, length;
	bool made;
};

/* An open file; `name` is its number in the scenario, or -1. */
struct descriptor {
	int name, fd;
};

struct state {
	struct mapping mapping[MAX_MAPPINGS];
	/* The mapping's name in the scenario, by number. */
	char name[MAX_MAPPINGS][16];
	/* In the order of opening. */
	struct descriptor file[MAX_FILES];
	int files;
	char device[64];
};

/* Page frames that were mapped at the end; shared by all processes, so that it outlives the actors. */
struct frames {
	struct {
		char label[32];
		uint64_t pfn;
	} frame[64];
	int count;
};

extern struct state state;
extern struct frames *frames;
/* Makes `frames` and forgets the last scenario. */
void state_reset(const char *device);
/* Two words, `BASE OFFSET`; BASE is `-`, `sN` for the start and `eN` for the end of mapping N. False: never mapped. */
bool address_of(const char *base, const char *offset, uint64_t *address);
/* A length, or `*` for all up to the mapping's end. */
uint64_t length_of(const char *word, const char *base, uint64_t start);
/* One word: `N` or `&BASE:OFFSET` for an address. */
bool amount_of(char *word, uint64_t *amount);

/* do-*.c: one instruction, answered in `answer`; false for words that the file does not know */
bool do_file(const struct words *words, struct text *answer);
bool do_mapping(const struct words *words, struct text *answer);
bool do_access(const struct words *words, struct text *answer);
bool do_remote(const struct words *words, struct text *answer);
bool do_pin(const struct words *words, struct text *answer);
/* do-file.c: the descriptor that a word means, or -1 */
int file_of(const char *word);

/* answer.c: `ok`, `ok 5`, an error's name; bytes as one number or as a checksum */
void answer_result(struct text *answer, long result);
void answer_bytes(struct text *answer, const unsigned char *bytes, size_t length);
/* Two hexadecimal digits a byte; the number of bytes. */
size_t bytes_of(const char *digits, unsigned char *bytes, size_t room);

/* inspect.c: the helper module */
struct oracle_page;
bool inspect_open(void);
bool inspect_address(uint64_t address, struct oracle_page *page);
bool inspect_frame(uint64_t pfn, struct oracle_page *page);
/* Before a scenario: nothing of the one before is left. */
void inspect_clear(void);
/* After it: pages that were given back badly show now. */
void inspect_check(void);

/* observe.c: what maps, smaps and the page tables show of the mappings with names */
void observe(const char *prefix, struct text *answer);
/* The reference counts of `frames` now. */
void observe_frames(struct text *answer);

/* actor.c */
struct actor {
	pid_t pid;
	int commands[2], answers[2];
	bool is_made, is_gone;
	char name[16];
};

extern struct actor actors[MAX_ACTORS];
bool actors_open(void);
void actors_close(void);
/* The loop of an actor. */
void actor_run(int index) __attribute__((noreturn));
/* Makes a child or a thread of the calling actor. Its pid, or a negative error. */
long actor_fork(int index, bool is_thread);

/* modules.c */
int module_load(const char *name);
int module_remove(const char *name);
void module_counts(const char *name, const char *head, struct text *answer);

/* kernel-log.c */
void kernel_log_open(void);
void kernel_log_rearm(void);
/* Adds new lines that tell of trouble; true when one of them ends a process. */
bool kernel_log_read(struct text *lines);

/* What a scenario leaves: all clean; a module that a dead process holds for ever; a kernel that must not be used any longer. */
enum left { CLEAN, MODULE_HELD, KERNEL_BROKEN };

/* scenario.c: performs the instructions up to `end` */
enum left scenario_run(const char *module, const char *name, char **line, char *end);

/* report.c: one JSON line */
void report_open(void);
void report_begin(const char *module, const char *scenario);
void report_field(const char *name, const char *text);
void report_lines(const char *name, const struct text *lines);
void report_end(void);

#endif
