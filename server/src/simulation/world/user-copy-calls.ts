/**
 * Copies between the driver and the user program: `copy_from_user`, `get_user` and their relatives. Mapped memory is
 * reached through the mm model, so that a copy faults, fails with -EFAULT, or waits for the mmap lock for ever. A user
 * pointer that the simulation made up is memory that can be copied and whose contents are assumed.
 */
import { type CType, int } from '../../execution/ctype.ts';
import { forget } from '../../execution/memory.ts';
import type { Place, Value } from '../../execution/value.ts';
import { errno } from '../../mm/errno.ts';
import { copyUser } from '../../mm/fault/access.ts';
import { type CallContext, type KernelCall, type KernelCallTable, touchUser } from './call-context.ts';
import { readBytes, writeBytes } from './struct-bytes.ts';
import { intValue, nothing, nullPointer, numberOf, placeOf, pointerTo, ulongValue } from './values.ts';

/** Larger copies are cut: nothing in a driver's state is larger. Bytes. */
const largestCopy = 0x40_0000n;

/** The address behind a user pointer; `undefined` for one that the simulation made up. */
function userAddress(context: CallContext, index: number): bigint | undefined {
  const number = numberOf(context.argument(index));
  return number === undefined ? undefined : BigInt.asUintN(64, number);
}

function isMadeUp(context: CallContext, index: number): boolean {
  return placeOf(context.argument(index)) !== undefined;
}

function copy(context: CallContext, ...what: CopyWhat): number {
  const { environment } = context;
  touchUser(context);
  const left = copyUser(environment.currentMm(), ...what);
  if (left > 0) environment.userFault(what[0]);
  return left;
}

type CopyWhat = Parameters<typeof copyUser> extends [unknown, ...infer Rest] ? Rest : never;

/** Reads `length` bytes of the program; the number of bytes that could not be read comes with them. */
function fetch(
  context: CallContext,
  address: bigint,
  length: number,
  way?: 'number',
): { readonly bytes: Uint8Array; readonly left: number } {
  const bytes = new Uint8Array(length);
  const left = copy(context, address, bytes, 'from-user', way);
  return { bytes, left };
}

/** Fills the driver's memory at a pointer: a struct field by field, everything else as bytes. */
function fill(context: CallContext, pointer: Value, bytes: Uint8Array): void {
  if (pointer.kind !== 'pointer') return;
  const { machine, environment } = context;
  const { place } = pointer;
  const type = typeBehind(context, pointer, bytes.length);
  if (type && writeBytes(machine, environment.types, place, type, bytes)) return;
  forget(place, bytes.length);
  environment.memory.writeBytes(place, bytes);
  environment.filledByUser(place);
}

/** The bytes of the driver's memory at a pointer. */
function gather(context: CallContext, pointer: Value, length: number): Uint8Array {
  if (pointer.kind !== 'pointer') return new Uint8Array(length);
  const { machine, environment } = context;
  const type = typeBehind(context, pointer, length);
  const typed = type && readBytes(machine, environment.types, pointer.place, type, length);
  return typed ?? environment.memory.readBytes(pointer.place, length) ?? new Uint8Array(length);
}

/** The type of what is copied: an object of this size. Memory with pages is copied as bytes. */
function typeBehind({ environment }: CallContext, pointer: Extract<Value, { kind: 'pointer' }>, length: number): CType | undefined {
  const { place, pointee } = pointer;
  const candidates = place.path.length === 0 ? [pointee, place.object.type] : [pointee];
  return candidates.find((type) => type.kind !== 'void' && type.kind !== 'unknown' && (environment.types.sizeOf(type) ?? 0) >= length);
}

const copyFromUser: KernelCall = (context) => {
  const to = context.argument(0);
  const length = context.ulong(2);
  if (to?.kind !== 'pointer' || length === undefined) return undefined;
  const address = userAddress(context, 1);
  if (address === undefined) {
    forget(to.place, Number(length));
    return isMadeUp(context, 1) ? ulongValue(0n) : undefined;
  }
  const { bytes, left } = fetch(context, address, Number(length > largestCopy ? largestCopy : length));
  fill(context, to, left === 0 ? bytes : bytes.subarray(0, bytes.length - left));
  return ulongValue(BigInt(left));
};

const copyToUser: KernelCall = (context) => {
  const from = context.argument(1);
  const length = context.ulong(2);
  if (!from || length === undefined) return undefined;
  const address = userAddress(context, 0);
  if (address === undefined) return isMadeUp(context, 0) ? ulongValue(0n) : undefined;
  const bytes = gather(context, from, Number(length > largestCopy ? largestCopy : length));
  return ulongValue(BigInt(copy(context, address, bytes, 'to-user')));
};

const clearUser: KernelCall = (context) => {
  const length = context.ulong(1);
  const address = userAddress(context, 0);
  if (length === undefined) return undefined;
  if (address === undefined) return isMadeUp(context, 0) ? ulongValue(0n) : undefined;
  const zeros = new Uint8Array(Number(length > largestCopy ? largestCopy : length));
  return ulongValue(BigInt(copy(context, address, zeros, 'to-user')));
};

/** The type of `*p` in `get_user(x, p)`; the variable's own where the pointer tells none. */
function targetType(context: CallContext): CType {
  const pointer = context.call.types[1];
  const to = pointer?.kind === 'pointer' ? pointer.to : undefined;
  const known = to && to.kind !== 'void' && to.kind !== 'unknown' ? to : context.call.types[0];
  return known?.kind === 'integer' ? known : int;
}

/** `get_user(x, p)`: x gets the number, or 0 with -EFAULT. */
const getUser: KernelCall = (context) => {
  const { call, machine } = context;
  const variable = call.place(0);
  if (!variable) return undefined;
  const address = userAddress(context, 1);
  if (address === undefined) {
    forget(variable);
    return isMadeUp(context, 1) ? intValue(0) : undefined;
  }
  const type = targetType(context);
  const size = context.environment.types.sizeOf(type) ?? 4;
  const { bytes, left } = fetch(context, address, size, 'number');
  const number = left > 0 ? 0n : bytes.reduceRight((sum, each) => (sum << 8n) | BigInt(each), 0n);
  machine.write(variable, machine.convert(ulongValue(number), call.types[0] ?? type), call.span);
  return intValue(left > 0 ? -errno.EFAULT : 0);
};

/** `put_user(x, p)`. */
const putUser: KernelCall = (context) => {
  const value = context.number(0);
  if (value === undefined) return undefined;
  const address = userAddress(context, 1);
  if (address === undefined) return isMadeUp(context, 1) ? intValue(0) : undefined;
  const bytes = littleEndian(value, context.environment.types.sizeOf(targetType(context)) ?? 4);
  const left = copy(context, address, bytes, 'to-user', 'number');
  return intValue(left > 0 ? -errno.EFAULT : 0);
};

/** `memdup_user(from, length)`: a copy in memory of its own, or an error pointer. */
const duplicate: KernelCall = (context) => {
  const { call, machine } = context;
  // A NUL goes behind the text.
  const more = call.name === 'memdup_user_nul' ? 1n : 0n;
  const length = context.ulong(1);
  const type = call.expected.kind === 'pointer' ? call.expected.to : ({ kind: 'void' } as const);
  if (length === undefined || length > largestCopy) return undefined;
  const address = userAddress(context, 0);
  const copy = pointerTo(machine.allocate(context.label(), type, context.origin(length + more, more > 0n)));
  if (address === undefined) return isMadeUp(context, 0) ? copy : undefined;
  const { bytes, left } = fetch(context, address, Number(length));
  if (left > 0) return { kind: 'address', term: { kind: 'constant', value: BigInt.asUintN(64, BigInt(-errno.EFAULT)) }, pointee: type };
  fill(context, copy, bytes);
  return copy;
};

/** `simple_read_from_buffer(to, count, ppos, from, available)`. */
const readFromBuffer: KernelCall = (context) => {
  const from = context.argument(3);
  const [count, available] = [context.ulong(1), context.ulong(4)];
  const position = positionAt(context, 2);
  const address = userAddress(context, 0);
  if (from?.kind !== 'pointer' || count === undefined || available === undefined || !position || address === undefined) return undefined;
  const rest = available > position.value ? available - position.value : 0n;
  const length = Number(count < rest ? count : rest);
  if (length === 0) return ulongValue(0n);
  const bytes = gather(context, from, Number(position.value) + length).subarray(Number(position.value));
  const left = copy(context, address, bytes, 'to-user');
  return finish(context, position, length, left);
};

/** `simple_write_to_buffer(to, available, ppos, from, count)`. */
const writeToBuffer: KernelCall = (context) => {
  const to = context.argument(0);
  const [available, count] = [context.ulong(1), context.ulong(4)];
  const position = positionAt(context, 2);
  const address = userAddress(context, 3);
  if (to?.kind !== 'pointer' || count === undefined || available === undefined || !position || address === undefined) return undefined;
  const rest = available > position.value ? available - position.value : 0n;
  const length = Number(count < rest ? count : rest);
  if (length === 0) return ulongValue(0n);
  const { bytes, left } = fetch(context, address, length);
  const all = gather(context, to, Number(position.value) + length);
  all.set(bytes, Number(position.value));
  fill(context, to, all);
  return finish(context, position, length, left);
};

interface Position {
  readonly place: Place;
  readonly value: bigint;
}

const loff: CType = { kind: 'integer', bits: 64, signed: true, name: 'loff_t' };

function positionAt(context: CallContext, index: number): Position | undefined {
  const place = placeOf(context.argument(index));
  const value = place && numberOf(context.machine.read(place, loff));
  return place && value !== undefined ? { place, value } : undefined;
}

function finish({ machine, call }: CallContext, { place, value }: Position, length: number, left: number): Value {
  if (left === length) return intValue(-errno.EFAULT);
  const done = BigInt(length - left);
  machine.write(place, ulongValue(value + done), call.span);
  return ulongValue(done);
}

function littleEndian(value: bigint, size: number): Uint8Array {
  let rest = BigInt.asUintN(size * 8, value);
  return Uint8Array.from({ length: size }, () => {
    const low = Number(rest & 0xffn);
    rest >>= 8n;
    return low;
  });
}

/** `strncpy_from_user(to, from, count)`: the length without the NUL, `count` where there is none. */
const stringFromUser: KernelCall = (context) => {
  const to = context.argument(0);
  const address = userAddress(context, 1);
  const count = context.ulong(2);
  if (!to || address === undefined || count === undefined || count > largestCopy) return undefined;
  const found: number[] = [];
  while (found.length < Number(count)) {
    const { bytes, left } = fetch(context, address + BigInt(found.length), 1);
    if (left > 0) return intValue(-errno.EFAULT);
    found.push(bytes[0] ?? 0);
    if (bytes[0] === 0) break;
  }
  fill(context, to, Uint8Array.from(found));
  return ulongValue(BigInt(found.at(-1) === 0 ? found.length - 1 : found.length));
};

/** `pagefault_disable()` and its opposite: without faults a copy ends at the first page that is not there. */
function switchFaults(by: 1 | -1): KernelCall {
  return ({ environment }) => {
    environment.currentMm().faultsDisabled += by;
    return nothing;
  };
}

/** `copy_from_user_nofault` and `copy_to_user_nofault`: all, or -EFAULT. */
function withoutFaults(copying: KernelCall): KernelCall {
  return (context) => {
    const mm = context.environment.currentMm();
    mm.faultsDisabled += 1;
    const left = copying(context);
    mm.faultsDisabled -= 1;
    const bytes = left && numberOf(left);
    return bytes === undefined ? left : intValue(bytes > 0n ? -errno.EFAULT : 0);
  };
}

export const userCopyCalls: KernelCallTable = {
  copy_from_user: copyFromUser,
  __copy_from_user: copyFromUser,
  __copy_from_user_inatomic: copyFromUser,
  __copy_to_user_inatomic: copyToUser,
  copy_from_user_nofault: withoutFaults(copyFromUser),
  copy_to_user_nofault: withoutFaults(copyToUser),
  pagefault_disable: switchFaults(1),
  pagefault_enable: switchFaults(-1),
  copy_to_user: copyToUser,
  __copy_to_user: copyToUser,
  clear_user: clearUser,
  __clear_user: clearUser,
  get_user: getUser,
  __get_user: getUser,
  put_user: putUser,
  __put_user: putUser,
  memdup_user: duplicate,
  vmemdup_user: duplicate,
  memdup_user_nul: duplicate,
  strncpy_from_user: stringFromUser,
  simple_read_from_buffer: readFromBuffer,
  simple_write_to_buffer: writeToBuffer,
  access_ok: () => intValue(1),
  u64_to_user_ptr: (context) => {
    const number = numberOf(context.argument(0));
    return number === undefined
      ? undefined
      : number === 0n
        ? nullPointer()
        : { kind: 'address', term: { kind: 'constant', value: number }, pointee: { kind: 'void' } };
  },
  compat_ptr: (context) => context.argument(0),
};
