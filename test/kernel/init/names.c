// SPDX-License-Identifier: MIT
/* Errors and signals by their names. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "init.h"

const char *errno_name(int error)
{
	static __thread char number[16];
	const char *name = strerrorname_np(error);

	if (name)
		return name;
	snprintf(number, sizeof(number), "E%d", error);
	return number;
}

const char *signal_name(int signal)
{
	static __thread char name[16];

	snprintf(name, sizeof(name), "SIG%s", sigabbrev_np(signal));
	return name;
}
