/** Statements about processes, the machine and the module. */
import { failingCalls } from '../failing-calls.ts';
import type { Words } from '../words.ts';
import type { StatementForm } from './form.ts';

const mapped = 'open rw\na = mmap len 4p prot rw shared\n';

export const processForms: readonly StatementForm[] = [
  {
    name: 'fork',
    syntax: 'fork NAME',
    help: 'makes a child; `in NAME: STATEMENT` runs a statement in it',
    example: `${mapped}fork child\nin child: read a\nin child: exit`,
    parse: (words) => ({ kind: 'fork', child: words.name('The name of the child') }),
  },
  {
    name: 'thread',
    syntax: 'thread NAME',
    help: 'makes a thread: it has the same memory and files',
    example: `${mapped}thread worker\nin worker: read a\nin worker: exit`,
    parse: (words) => ({ kind: 'thread', child: words.name('The name of the thread') }),
  },
  {
    name: 'exit',
    syntax: 'exit',
    help: 'ends the program, the child or the thread',
    example: 'open rw\nexit',
    parse: () => ({ kind: 'exit' }),
  },
  {
    name: 'coredump',
    syntax: 'coredump [filter N]',
    help: 'the process dies and leaves a core dump; `expect dumped` tells what is in it. `filter` is its coredump_filter, 0x33 by default',
    example: `${mapped}coredump`,
    parse: (words) => ({ kind: 'coredump', ...(words.accept('filter') ? { filter: words.number('The filter') } : {}) }),
  },
  {
    name: 'pressure',
    syntax: 'pressure',
    help: 'memory runs short: the kernel takes back what it may',
    example: `${mapped}pressure\nread a`,
    parse: () => ({ kind: 'pressure' }),
  },
  {
    name: 'fail',
    syntax: 'fail CALL [N]',
    help: 'memory runs out in the driver’s next call of this name, or a signal comes while it waits; or in the N-th from here on: the call fails',
    example: 'open rw\nfail remap_pfn_range\na = mmap len 1p prot rw shared expect any',
    parse: (words) => {
      const call = words.choice(failingCalls, 'The call');
      return { kind: 'fail', call, nth: words.more ? whichCall(words) : 1n };
    },
  },
  {
    name: 'unplug',
    syntax: 'unplug',
    help: 'removes the device: the driver’s remove function runs',
    example: `${mapped}unplug`,
    parse: () => ({ kind: 'unplug' }),
  },
  {
    name: 'rmmod',
    syntax: 'rmmod',
    help: 'removes the module; refused with EAGAIN while a file with `.owner` is open or mapped',
    example: 'rmmod expect any',
    parse: () => ({ kind: 'rmmod' }),
  },
];

/** The first call is 1. */
function whichCall(words: Words): bigint {
  const word = words.next;
  const nth = words.number('Which call');
  if (word && nth < 1n) throw words.problem(word, 'The first call is 1, the next one 2.');
  return nth;
}
