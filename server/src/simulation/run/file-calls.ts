/**
 * System calls on the device file that reach a function of the driver: ioctl, read, write, lseek, poll. The checks before
 * the driver is called and the results for files without such a function are those of the kernel (fs/ioctl.c,
 * fs/read_write.c, fs/select.c in 6.12). Knows no scenario statement.
 */
import type { Value } from '../../execution/value.ts';
import { errnoNumber } from '../../kernel/errno.ts';
import type { MmFile } from '../../mm/file.ts';
import { fail, type Outcome, ok } from '../../mm/outcome.ts';
import { seek } from '../world/seek-calls.ts';
import { integer, nullPointer, numberOf, ulongValue } from '../world/values.ts';
import type { FileCall } from './file-slots.ts';
import type { Session } from './session.ts';

/** Runs the driver's function behind a call; `undefined` when its table has none. */
export type CallSlot = (call: FileCall, file: MmFile, known: KnownArguments) => Value | undefined;

/** What a system call gives the driver: by struct tag or type name, and its numbers in order. */
export interface KnownArguments {
  readonly byType?: Readonly<Record<string, Value>>;
  readonly numbers?: readonly Value[];
}

/** `EPOLLIN | EPOLLOUT | EPOLLRDNORM | EPOLLWRNORM`: what files without a poll function are ready for. */
const DEFAULT_POLLMASK = 0x145n;

const loff = { kind: 'integer', bits: 64, signed: true, name: 'loff_t' } as const;

/**
 * ioctl(3), whose result is an `int`. `argument` is a number or a user address. ENOTTY without an ioctl function, and when it returns -ENOIOCTLCMD.
 */
export function ioctl(callSlot: CallSlot, file: MmFile, command: bigint, argument: bigint): Outcome {
  const numbers = [ulongValue(BigInt.asUintN(32, command)), ulongValue(BigInt.asUintN(64, argument))];
  const result = callSlot('ioctl', file, { numbers, byType: { 'void *': userPointer(argument) } });
  if (!result) return failed('ENOTTY');
  const outcome = outcomeOf(result);
  if (outcome.kind === 'error' && outcome.name === 'ENOIOCTLCMD') return failed('ENOTTY');
  // The C library gives the program an `int`.
  return outcome.kind === 'ok' ? { ...outcome, value: BigInt.asIntN(32, outcome.value) } : outcome;
}

/** How many bytes a read or write moves, and from which position. */
export interface Transfer {
  /** User address of the buffer. */
  readonly address: bigint;
  /** Bytes. */
  readonly length: bigint;
  /** In the file, bytes; absent: the file's own position, which moves on. */
  readonly position?: bigint | undefined;
}

/** read(2) and pread(2). EBADF for a file that is not open for reading, EINVAL without a read function. */
export function read(session: Session, callSlot: CallSlot, file: MmFile, transfer: Transfer): Outcome {
  if (isRefused(file, transfer)) return failed('ESPIPE');
  return file.mode.read ? transferred(session, callSlot, 'read', file, transfer) : failed('EBADF');
}

/** write(2) and pwrite(2). */
export function write(session: Session, callSlot: CallSlot, file: MmFile, transfer: Transfer): Outcome {
  if (isRefused(file, transfer)) return failed('ESPIPE');
  return file.mode.write ? transferred(session, callSlot, 'write', file, transfer) : failed('EBADF');
}

/** pread(2) and pwrite(2) of a file that has no position. */
function isRefused({ withoutPosition }: MmFile, { position }: Transfer): boolean {
  return withoutPosition === true && position !== undefined && position >= 0n;
}

function transferred(session: Session, callSlot: CallSlot, call: 'read' | 'write', file: MmFile, transfer: Transfer): Outcome {
  const { address, length, position } = transfer;
  if (position !== undefined && position < 0n) return failed('EINVAL');
  const { machine } = session;
  const object = machine.allocate('pos', loff, { kind: 'kernel', what: 'position' });
  const place = { object, path: [] };
  machine.write(place, integer(loff, position ?? file.position), machine.span);
  const result = callSlot(call, file, {
    byType: { 'char *': userPointer(address), 'void *': userPointer(address), 'loff_t *': { kind: 'pointer', place, pointee: loff } },
    numbers: [ulongValue(length)],
  });
  if (!result) return failed('EINVAL');
  if (position === undefined) file.position = numberOf(machine.read(place, loff)) ?? file.position;
  return outcomeOf(result);
}

/**
 * lseek(2); `whence` is SEEK_SET, SEEK_CUR or SEEK_END, `name` what the table has for it. ESPIPE without a function, as `no_llseek` has it.
 */
export function llseek(callSlot: CallSlot, file: MmFile, offset: bigint, whence: 0 | 1 | 2, name: string | undefined): Outcome {
  if (file.withoutPosition) return failed('ESPIPE');
  const result = callSlot('llseek', file, { numbers: [integer(loff, offset), ulongValue(BigInt(whence))] });
  const position = result || name === undefined ? undefined : seek(name, file, offset, BigInt(whence));
  return result || position !== undefined ? outcomeOf(result ?? integer(loff, position ?? 0n)) : failed('ESPIPE');
}

/** poll(2): the events that the file is ready for, without waiting. */
export function poll(callSlot: CallSlot, file: MmFile): Outcome {
  const result = callSlot('poll', file, { byType: { poll_table_struct: nullPointer(), 'poll_table *': nullPointer() } });
  return ok(result ? BigInt.asUintN(32, numberOf(result) ?? 0n) : DEFAULT_POLLMASK);
}

function userPointer(address: bigint): Value {
  return { kind: 'address', term: { kind: 'constant', value: BigInt.asUintN(64, address) }, pointee: { kind: 'void' } };
}

/** A C result as the program sees it: -4095 to -1 are error numbers. */
export function outcomeOf(result: Value): Outcome {
  const number = numberOf(result) ?? 0n;
  const wide = result.kind === 'integer' && result.type.bits <= 32 ? BigInt.asIntN(32, number) : BigInt.asIntN(64, number);
  return wide < 0n && wide >= -4095n ? fail(Number(-wide)) : ok(wide);
}

function failed(name: string): Outcome {
  return fail(errnoNumber(name) ?? 0);
}
