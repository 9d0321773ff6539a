/** Statements that reach memory: by the processor, by system calls, by a tracer, by a device. */
import { errno } from '../../mm/errno.ts';
import { access, accessRange, copyUser } from '../../mm/fault/access.ts';
import { execute } from '../../mm/fault/execute.ts';
import type { Mm } from '../../mm/mm.ts';
import { fail, type Outcome, ok, userAction } from '../../mm/outcome.ts';
import { accessMem, accessRemote, get_user_pages, processVmAccess, putUserPages } from '../../mm/syscalls/gup.ts';
import { pfnRange } from '../../mm/tables/page-table.ts';
import { offsetInPage, PAGE_BYTES, pageOf } from '../../mm/units.ts';
import type { AccessAction } from '../scenario/model.ts';
import { type ActionContext, type ActionResult, notMapped, skipped } from './context.ts';
import { bytesOf } from './data.ts';
import { bytesOfNumber, numberIn } from './look.ts';

type Read = Extract<AccessAction, { kind: 'read' }>;
type Write = Extract<AccessAction, { kind: 'write' }>;
type Way = NonNullable<Read['way']>;

/** Longer accesses by the processor touch every page and leave what is in it. Bytes. */
const longestCopy = 1 << 20;
/** What a write without a value writes. */
const someValue = 0x41414141n;

/** The pages that a pin holds. */
export interface Pin {
  readonly mm: Mm;
  readonly pfns: readonly bigint[];
}

/** Ways by which another process reaches the memory: `current` is that one then. */
const byOthers: ReadonlySet<Way> = new Set(['ptrace', 'mem', 'process_vm']);

/** Does a statement that reaches memory. `pins` are those that the scenario holds, by name. */
export function runAccessAction(context: ActionContext, mm: Mm, action: AccessAction, pins: Map<string, Pin>): ActionResult {
  const { session } = context;
  session.isByOther = 'way' in action && action.way !== undefined && byOthers.has(action.way);
  try {
    return reachMemory(context, mm, action, pins);
  } finally {
    session.isByOther = false;
  }
}

function reachMemory(context: ActionContext, mm: Mm, action: AccessAction, pins: Map<string, Pin>): ActionResult {
  if (action.kind === 'unpin') return unpin(pins, action.pin);
  const owner = 'of' in action && action.of !== undefined ? context.processes.get(action.of) : mm;
  if (!owner || owner.exited) return skipped(`the process ${'of' in action ? action.of : ''} is gone`);
  const address = context.addressOf(owner, action.address);
  if (address === undefined) return notMapped(action.address);
  switch (action.kind) {
    case 'exec':
      return { outcome: execute(owner, address).outcome };
    case 'pin':
      return pin(context, owner, address, action, pins);
    case 'read':
      return read(owner, address, action);
    case 'write': {
      const bytes = writtenBytes(context, owner, action);
      return bytes ? write(context, owner, address, bytes, action) : skipped('what should be written is not in memory');
    }
  }
}

function read(mm: Mm, address: bigint, { length, way = 'cpu' }: Read): ActionResult {
  if (length > BigInt(longestCopy)) return { outcome: accessRange(mm, address, length, 'read').outcome };
  const { outcome, bytes: all } = transfer(mm, address, new Uint8Array(Number(length)), way, false);
  if (outcome.kind !== 'ok') return { outcome };
  // What a system call read is its result; a load and PTRACE_PEEKDATA have none.
  const bytes = way === 'cpu' || way === 'threads' || way === 'ptrace' ? all : all.subarray(0, Number(outcome.value));
  return { outcome, bytes, ...smallValue(bytes) };
}

function smallValue(bytes: Uint8Array): { readonly value?: bigint } {
  return bytes.length <= 8 ? { value: numberIn(bytes) } : {};
}

function write(context: ActionContext, mm: Mm, address: bigint, bytes: Uint8Array, { way = 'cpu', length = 0n }: Write): ActionResult {
  if (length > BigInt(longestCopy)) return { outcome: accessRange(mm, address, length, 'write').outcome };
  const { outcome } = transfer(mm, address, bytes, way, true);
  for (const pfn of pagesBehind(mm, address, bytes.length)) context.session.memory.userWrote(pfn);
  return { outcome };
}

/** The pages that a range leads to now. */
function pagesBehind(mm: Mm, address: bigint, length: number): readonly bigint[] {
  const runs = length === 0 ? [] : mm.table.slice(pageOf(address), pageOf(address + BigInt(length - 1)) + 1);
  return runs.flatMap((run) => {
    const { start, end } = pfnRange(run);
    return Array.from({ length: end - start }, (_, index) => BigInt(start + index));
  });
}

function writtenBytes(context: ActionContext, mm: Mm, { data, value = someValue, length = 4n }: Write): Uint8Array | undefined {
  if (data) return bytesOf(data, (amount) => context.amountOf(mm, amount));
  if (length <= 8n) return bytesOfNumber(value, Number(length));
  return new Uint8Array(Number(length > BigInt(longestCopy) ? 1n : length)).fill(Number(value & 0xffn));
}

interface Transfer {
  readonly outcome: Outcome;
  /** What was read or written. */
  readonly bytes: Uint8Array;
}

/** Moves `bytes` to the memory, or from the memory into `bytes`. */
function transfer(mm: Mm, address: bigint, bytes: Uint8Array, way: Way, isWrite: boolean): Transfer {
  switch (way) {
    case 'cpu':
    case 'threads':
      return byProcessor(mm, address, bytes, isWrite, way === 'threads');
    case 'syscall':
      return { outcome: bySystemCall(mm, address, bytes, isWrite), bytes };
    case 'ptrace':
      return byWords(mm, address, bytes, isWrite);
    case 'mem':
      return { outcome: accessMem(mm, address, bytes, isWrite).outcome, bytes };
    case 'process_vm':
      return { outcome: processVmAccess(mm, address, bytes, isWrite).outcome, bytes };
    case 'direct':
      return { outcome: byDevice(mm, address, bytes, isWrite), bytes };
  }
}

/** What PTRACE_PEEKDATA and PTRACE_POKEDATA move. */
const wordBytes = 8;

/** A debugger, word by word: it reads a word that it changes in part, and gets it whole or not at all (`generic_ptrace_peekdata`). */
function byWords(mm: Mm, address: bigint, bytes: Uint8Array, isWrite: boolean): Transfer {
  for (let done = 0; done < bytes.length; done += wordBytes) {
    const part = bytes.subarray(done, done + wordBytes);
    const word = new Uint8Array(wordBytes);
    const move = (writes: boolean): Outcome => {
      const { outcome } = accessRemote(mm, address + BigInt(done), word, writes);
      return outcome.kind === 'ok' && outcome.value < BigInt(wordBytes) ? fail(errno.EIO) : outcome;
    };
    const peeked = isWrite && part.length === wordBytes ? ok() : move(false);
    if (peeked.kind !== 'ok') return { outcome: peeked, bytes };
    if (!isWrite) part.set(word.subarray(0, part.length));
    else {
      word.set(part);
      const poked = move(true);
      if (poked.kind !== 'ok') return { outcome: poked, bytes };
    }
  }
  return { outcome: ok(), bytes };
}

/** Whether one store of the processor writes these bytes, of which some lie in the next page. */
function isStoreAcross(address: bigint, length: number): boolean {
  return [2, 4, 8].includes(length) && offsetInPage(address) + length > PAGE_BYTES;
}

/**
 * Loads and stores, page by page; `together` by two threads at the same moment. A store across pages writes nothing until both can be
 * written.
 */
function byProcessor(mm: Mm, address: bigint, bytes: Uint8Array, isWrite: boolean, together: boolean): Transfer {
  if (isWrite && isStoreAcross(address, bytes.length)) {
    const { outcome } = accessRange(mm, address, BigInt(bytes.length), 'write');
    if (outcome.kind !== 'ok') return { outcome, bytes };
  }
  for (let done = 0; done < bytes.length; ) {
    const here = address + BigInt(done);
    const part = bytes.subarray(done, done + PAGE_BYTES - offsetInPage(here));
    const { outcome, reached } = access(mm, here, isWrite ? 'write' : 'read', {
      together,
      ...(isWrite ? { bytes: part } : { length: part.length }),
    });
    if (outcome.kind !== 'ok') return { outcome, bytes };
    if (reached && !isWrite) part.set(reached.bytes);
    done += part.length;
  }
  return { outcome: ok(), bytes };
}

/**
 * A pipe at the other end: the kernel copies a page's worth at a time, and what it cannot copy whole does not count (`pipe_write`,
 * `pipe_read`, fs/pipe.c). EFAULT when nothing was copied (S10.7).
 */
function bySystemCall(mm: Mm, address: bigint, bytes: Uint8Array, isWrite: boolean): Outcome {
  const { outcome } = userAction(mm.system, mm, () => {
    let done = 0;
    while (done < bytes.length) {
      const part = bytes.subarray(done, done + PAGE_BYTES);
      if (copyUser(mm, address + BigInt(done), part, isWrite ? 'to-user' : 'from-user') > 0) break;
      done += part.length;
    }
    return done === 0 && bytes.length > 0 ? fail(errno.EFAULT) : ok(BigInt(done));
  });
  return outcome;
}

/**
 * Direct I/O: the pages are pinned, the device moves the bytes, the pages are given back (S10.4). The device reaches memory by the kernel's own
 * mapping, so not what was set aside at boot.
 */
function byDevice(mm: Mm, address: bigint, bytes: Uint8Array, isWrite: boolean): Outcome {
  const first = offsetInPage(address);
  const pages = Math.ceil((first + bytes.length) / PAGE_BYTES);
  const { outcome, pfns } = get_user_pages(mm, address - BigInt(first), pages, { write: isWrite, fast: true });
  if (outcome.kind !== 'ok') return outcome;
  let done = 0;
  for (const pfn of pfns) {
    const offset = done === 0 ? first : 0;
    const part = bytes.subarray(done, done + PAGE_BYTES - offset);
    if (!mm.system.memory.inDirectMap(Number(pfn))) break;
    if (isWrite) mm.system.memory.write(Number(pfn), offset, part);
    else part.set(mm.system.memory.read(Number(pfn), offset, part.length).bytes);
    done += part.length;
  }
  putUserPages(mm, pfns);
  return ok(BigInt(done));
}

function pin(
  { processes }: ActionContext,
  mm: Mm,
  address: bigint,
  action: Extract<AccessAction, { kind: 'pin' }>,
  pins: Map<string, Pin>,
): ActionResult {
  const mapping = action.address.mapping === undefined ? undefined : processes.mapping(mm, action.address.mapping);
  const length = action.length ?? (mapping ? mapping.start + mapping.length - address : 1n);
  const pages = pageOf(address + length - 1n) - pageOf(address) + 1;
  const { outcome, pfns } = get_user_pages(mm, address, pages, { write: action.write, fast: true });
  processes.results.set(action.pin, outcome);
  if (pfns.length > 0) pins.set(action.pin, { mm, pfns });
  return { outcome };
}

function unpin(pins: Map<string, Pin>, name: string): ActionResult {
  const held = pins.get(name);
  if (!held) return skipped(`${name} holds no pages`);
  pins.delete(name);
  const { outcome } = userAction(held.mm.system, held.mm, () => {
    putUserPages(held.mm, held.pfns);
    return ok();
  });
  return { outcome };
}
