// SPDX-License-Identifier: MIT
/* Errors and signals by their names. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "init.h"

/* Of the kernel only; it shows when a driver returns it and no signal waits. */
#define ERESTARTSYS 512

const char *errno_name(int error)
{
	static __thread char number[16];
	const char *name = strerrorname_np(error);

	if (name)
		return name;
	if (error == ERESTARTSYS)
		return "ERESTARTSYS";
	snprintf(number, sizeof(number), "E%d", error);
	return number;
}

const char *signal_name(int signal)
{
	static __thread char name[16];

	snprintf(name, sizeof(name), "SIG%s", sigabbrev_np(signal));
	return name;
}
