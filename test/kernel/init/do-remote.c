// SPDX-License-Identifier: MIT
/* Reaches the memory of another process: ptrace, /proc/PID/mem, process_vm_readv. Done by an actor that maps nothing. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "init.h"

static unsigned char buffer[1 << 16];

/* The words of a range one after the other; 0, or -1 with errno. */
static long by_words(pid_t pid, uint64_t address, size_t length, bool is_write)
{
	for (size_t done = 0; done < length; done += sizeof(long)) {
		size_t part = length - done < sizeof(long) ? length - done : sizeof(long);
		long word = 0;

		if (!is_write || part < sizeof(long)) {
			errno = 0;
			word = ptrace(PTRACE_PEEKDATA, pid, address + done, NULL);
			if (errno)
				return -1;
		}
		if (!is_write) {
			memcpy(buffer + done, &word, part);
			continue;
		}
		memcpy(&word, buffer + done, part);
		if (ptrace(PTRACE_POKEDATA, pid, address + done, word))
			return -1;
	}
	return 0;
}

static long by_ptrace(pid_t pid, uint64_t address, size_t length, bool is_write)
{
	long result;
	int error, status;

	if (ptrace(PTRACE_ATTACH, pid, NULL, NULL) || waitpid(pid, &status, __WALL) != pid)
		return -1;
	result = by_words(pid, address, length, is_write);
	error = errno;
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
	errno = error;
	return result;
}

static long by_mem(pid_t pid, uint64_t address, size_t length, bool is_write)
{
	char path[32];
	long result;
	int fd, error;

	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -1;
	result = is_write ? pwrite(fd, buffer, length, address) : pread(fd, buffer, length, address);
	error = errno;
	close(fd);
	errno = error;
	return result;
}

static long by_process_vm(pid_t pid, uint64_t address, size_t length, bool is_write)
{
	const struct iovec here = { .iov_base = buffer, .iov_len = length };
	const struct iovec there = { .iov_base = (void *)address, .iov_len = length };

	return is_write ? process_vm_writev(pid, &here, 1, &there, 1, 0) : process_vm_readv(pid, &here, 1, &there, 1, 0);
}

/* ptrace|mem|process_vm read PID ADDRESS LENGTH     ptrace|mem|process_vm write PID ADDRESS BYTES */
bool do_remote(const struct words *words, struct text *answer)
{
	bool is_write = is_word(words, 1, "write");
	bool by_mem_file = is_word(words, 0, "mem");
	bool is_ptrace = is_word(words, 0, "ptrace");
	uint64_t address;
	size_t length;
	pid_t pid;
	long result;

	if (!is_ptrace && !by_mem_file && !is_word(words, 0, "process_vm"))
		return false;
	pid = number_of(words->word[2]);
	address = number_of(words->word[3]);
	length = is_write ? bytes_of(words->word[4], buffer, sizeof(buffer)) : number_of(words->word[4]);
	result = (is_ptrace ? by_ptrace : by_mem_file ? by_mem : by_process_vm)(pid, address, length, is_write);
	if (result >= 0 && !is_write && (is_ptrace || result > 0))
		answer_bytes(answer, buffer, is_ptrace ? length : (size_t)result);
	else
		answer_result(answer, result);
	return true;
}
