// SPDX-License-Identifier: MIT
/* Does something that may end in a signal, and says in which. */
#include <setjmp.h>
#include <signal.h>
#include <string.h>

#include "init.h"

static sigjmp_buf back;
static void *fault_address;

static void caught(int signal, siginfo_t *info, void *context)
{
	(void)context;
	fault_address = info->si_addr;
	siglongjmp(back, signal);
}

void guard_install(void)
{
	static char stack[1 << 14];
	const stack_t alternate = { .ss_sp = stack, .ss_size = sizeof(stack) };
	const int signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP };
	struct sigaction action;

	sigaltstack(&alternate, NULL);
	memset(&action, 0, sizeof(action));
	action.sa_sigaction = caught;
	action.sa_flags = SA_SIGINFO | SA_ONSTACK;
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		sigaction(signals[i], &action, NULL);
}

int guarded(void (*action)(void *), void *argument, void **address)
{
	int signal = sigsetjmp(back, 1);

	if (signal == 0)
		action(argument);
	if (address)
		*address = signal ? fault_address : NULL;
	return signal;
}
