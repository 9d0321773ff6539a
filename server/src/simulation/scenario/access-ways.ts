/** The ways in which user memory is reached, by the word after `by`: one row each, for the parser, the page and the titles of steps. */
import type { AccessWay } from './model.ts';

export interface AccessWayForm {
  readonly way: AccessWay;
  readonly help: string;
  /** What a step that reads or writes is called: `ptrace(PTRACE_PEEKDATA)`. */
  readonly calls: readonly [read: string, write: string];
}

export const accessWayForms: readonly AccessWayForm[] = [
  { way: 'cpu', help: 'the program itself, by a load or a store', calls: ['the read', 'the write'] },
  {
    way: 'threads',
    help: 'two threads of the program at the same moment: both ask the driver for a page that is not there, one after the other',
    calls: ['the reads of two threads', 'the writes of two threads'],
  },
  {
    way: 'syscall',
    help: 'the kernel on behalf of the program: write(2) of the memory to a pipe, read(2) of a pipe into it',
    calls: ['write(2) of the memory to a pipe', 'read(2) of a pipe into the memory'],
  },
  { way: 'ptrace', help: 'a debugger that traces the process', calls: ['ptrace(PTRACE_PEEKDATA)', 'ptrace(PTRACE_POKEDATA)'] },
  { way: 'mem', help: '/proc/PID/mem', calls: ['pread(2) of /proc/PID/mem', 'pwrite(2) of /proc/PID/mem'] },
  {
    way: 'process_vm',
    help: 'another process, by process_vm_readv(2) or process_vm_writev(2)',
    calls: ['process_vm_readv(2)', 'process_vm_writev(2)'],
  },
  {
    way: 'direct',
    help: 'a device that transfers to or from the memory, as with O_DIRECT: pages are pinned by get_user_pages, then given back',
    calls: ['write(2) with O_DIRECT', 'read(2) with O_DIRECT'],
  },
];

export const accessWays: readonly AccessWay[] = accessWayForms.map(({ way }) => way);

/** What a step that reads or writes this way is called. */
export function accessCall(way: AccessWay, kind: 'read' | 'write'): string {
  const form = accessWayForms.find((each) => each.way === way);
  return form?.calls[kind === 'read' ? 0 : 1] ?? kind;
}
