/** What the result of a statement is called in the trace: one short sentence. Reads the result, changes nothing. */
import type { Value } from '../../execution/value.ts';
import type { Outcome } from '../../mm/outcome.ts';
import { hex } from '../../mm/units.ts';
import { accessCall } from '../scenario/access-ways.ts';
import type { Action } from '../scenario/model.ts';
import { formatFault, formatValue, numberOf } from '../world/values.ts';
import type { ActionResult } from './context.ts';

/** What programs call to do it. Accesses and what is done to the machine have sentences of their own. */
const callNames: Partial<Record<Action['kind'], string>> = {
  open: 'open(2)',
  dup: 'dup(2)',
  close: 'close(2)',
  ioctl: 'ioctl(2)',
  lseek: 'lseek(2)',
  poll: 'poll(2)',
  mmap: 'mmap(2)',
  munmap: 'munmap(2)',
  mprotect: 'mprotect(2)',
  mremap: 'mremap(2)',
  madvise: 'madvise(2)',
  mlock: 'mlock(2)',
  munlock: 'munlock(2)',
  mlockall: 'mlockall(2)',
  munlockall: 'munlockall(2)',
  msync: 'msync(2)',
  mincore: 'mincore(2)',
  remap_file_pages: 'remap_file_pages(2)',
  fork: 'fork(2)',
  thread: 'clone(2)',
  exit: 'exit(2)',
  rmmod: 'delete_module(2)',
  unplug: 'the removal',
  exec: 'the jump',
  pin: 'get_user_pages',
  unpin: 'giving the pages back',
  coredump: 'the core dump',
  pressure: 'the reclaim',
};

/** Actions that no system call stands for: that they worked is said without a number. */
const doneSentences: Partial<Record<Action['kind'], string>> = {
  exec: 'the code at the address runs',
  unpin: 'the pages are given back',
  coredump: 'the process leaves a core dump and ends',
  fail: 'that call is going to fail',
  pressure: 'memory that can be had is reclaimed',
  exit: 'exit(2) ends it',
  thread: 'the thread starts',
  unplug: 'the removal returns 0',
};

/** `mmap(2) returns 0x7f…`, `the value is 0x11`, `SIGBUS: …`. */
export function resultTitle(action: Action, { outcome, value, bytes, skipped }: ActionResult): string {
  if (skipped !== undefined) return `nothing is done: ${skipped}`;
  const call = callOf(action);
  if (outcome.kind === 'stopped') return `${call ?? 'the access'} does not return: ${describeOutcome(outcome)}`;
  if (outcome.kind === 'signal') return describeOutcome(outcome);
  if (outcome.kind === 'error') return call === undefined ? describeOutcome(outcome) : `${call} returns ${describeOutcome(outcome)}`;
  const done = doneSentences[action.kind];
  if (done !== undefined) return done;
  if (call === undefined) return accessTitle(action, value, bytes);
  const isAddress = action.kind === 'mmap' || action.kind === 'mremap';
  return `${call} returns ${isAddress ? hex(outcome.value) : describeOutcome(outcome)}${contentOf(action, value, bytes)}`;
}

function callOf(action: Action): string | undefined {
  switch (action.kind) {
    case 'read':
    case 'write':
      return action.way === undefined || action.way === 'cpu' ? undefined : accessCall(action.way, action.kind);
    case 'pread':
      return action.offset === undefined ? 'read(2)' : 'pread(2)';
    case 'pwrite':
      return action.offset === undefined ? 'write(2)' : 'pwrite(2)';
    case 'mlock':
      return action.onFault ? 'mlock2(2)' : 'mlock(2)';
    default:
      return callNames[action.kind];
  }
}

/** A load or store that worked. */
function accessTitle(action: Action, value: bigint | undefined, bytes: Uint8Array | undefined): string {
  if (value !== undefined) return `the value is ${hex(value)}`;
  if (bytes) return `${bytes.length} bytes are read: ${formatBytes(bytes)}`;
  return action.kind === 'write' ? 'the write is done' : 'every page of it can be read';
}

/** What a system call gave beside its result. */
function contentOf(action: Action, value: bigint | undefined, bytes: Uint8Array | undefined): string {
  if (action.kind === 'write') return '';
  if (value !== undefined) return `; the value is ${hex(value)}`;
  return bytes ? `; the bytes are ${formatBytes(bytes)}` : '';
}

function formatBytes(bytes: Uint8Array): string {
  if (bytes.every((byte) => byte === 0)) return 'all 0';
  const shown = [...bytes.subarray(0, 12)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return bytes.length > 12 ? `${shown} …` : shown;
}

/** `0`, `-1, EINVAL`, `SIGBUS: …`. */
function describeOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'ok':
      return outcome.value.toString();
    case 'error':
      return `-1, ${outcome.name}`;
    case 'signal':
      return `${outcome.signal}: ${outcome.why}`;
    case 'stopped':
      return 'the kernel has stopped in this call';
  }
}

/** Results of functions that give `vm_fault_t` bits rather than an error number. */
export const faultSlots: ReadonlySet<string> = new Set(['fault', 'huge_fault', 'map_pages', 'page_mkwrite', 'pfn_mkwrite']);

/** What a function in a slot returned, by what its slot means. */
export function formatReturned(slot: string, value: Value): string {
  const number = numberOf(value);
  return faultSlots.has(slot) && number !== undefined ? formatFault(number) : formatValue(value);
}
