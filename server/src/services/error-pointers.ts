/**
 * Error pointers: numbers from -4095 to -1 used as pointers. A pointer to a place is never one; a pointer that may be
 * one is a number whose term the world chose.
 */
import { castInteger, comparison, integer, integerOf } from '../execution/arithmetic.ts';
import { int, long, unsignedInt, unsignedLong } from '../execution/ctype.ts';
import { constant, constantOf } from '../execution/term.ts';
import { apply } from '../execution/term-build.ts';
import type { IntegerValue, Value } from '../execution/value.ts';
import { errnoName, errnoNumber } from '../kernel/errno.ts';
import { asInteger, integerArgument, type Service, type ServiceTable } from './service.ts';

const lowestError = integerOf(unsignedLong, -4095n);
const no = integerOf(int, 0n);

/** Whether `value` is an error pointer, as an `int`. */
function isError(value: Value | undefined): IntegerValue | undefined {
  if (value?.kind === 'pointer' || value?.kind === 'function') return no;
  const number = asInteger(value);
  return number && comparison('>=', castInteger(number, unsignedLong), lowestError);
}

function isNull(value: Value | undefined): IntegerValue | undefined {
  if (value?.kind === 'pointer' || value?.kind === 'function') return no;
  const number = asInteger(value);
  return number && comparison('==', number, no);
}

const errPtr: Service = (_, call) => {
  const error = asInteger(call.arguments[0]);
  const pointee = call.expected.kind === 'pointer' ? call.expected.to : { kind: 'void' as const };
  return error && { kind: 'address', term: castInteger(castInteger(error, long), unsignedLong).term, pointee };
};

const ptrErr: Service = (_, call) => {
  const value = call.arguments[0];
  if (value?.kind === 'pointer') return undefined;
  const number = asInteger(value);
  return number && castInteger(number, long);
};

const isErrOrNull: Service = (_, call) => {
  const value = call.arguments[0];
  const error = isError(value);
  const none = isNull(value);
  if (!error || !none) return undefined;
  if (error.term.kind === 'constant' && none.term.kind === 'constant') {
    return integerOf(int, error.term.value | none.term.value);
  }
  return integer(int, apply('choose', int, [none.term, constant(1), error.term]));
};

const ptrErrOrZero: Service = (_, call) => {
  const value = call.arguments[0];
  if (value?.kind === 'pointer') return no;
  const error = isError(value);
  const number = asInteger(value);
  if (!error || !number) return undefined;
  const code = castInteger(castInteger(number, long), int);
  if (error.term.kind === 'constant') return error.term.value === 0n ? no : code;
  return integer(int, apply('choose', int, [error.term, code.term, constant(0)]));
};

/** What fault handlers answer for error numbers, by function; every other one is VM_FAULT_SIGBUS (include/linux/mm.h). */
const faultsOfErrors: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  vmf_error: { ENOMEM: 'VM_FAULT_OOM', EHWPOISON: 'VM_FAULT_HWPOISON' },
  vmf_fs_error: { 0: 'VM_FAULT_LOCKED', ENOMEM: 'VM_FAULT_OOM', EAGAIN: 'VM_FAULT_NOPAGE', EFAULT: 'VM_FAULT_NOPAGE' },
};

/** `vmf_error(err)`, and `vmf_fs_error(err)` since 6.6. */
const faultOfError: Service = (_, call, world) => {
  const error = integerArgument(call, 0);
  const number = error && constantOf(error.term);
  if (number === undefined) return undefined;
  const name = errnoName(-BigInt.asIntN(32, number)) ?? number.toString();
  const result = world.constant(faultsOfErrors[call.name]?.[name] ?? 'VM_FAULT_SIGBUS')?.value;
  return result === undefined ? undefined : integerOf(unsignedInt, result);
};

/** `vm_fault_to_errno(fault, foll_flags)`: 0 for what is no error (include/linux/mm.h). */
const errorOfFault: Service = (_, call, world) => {
  const [fault, flags] = [integerArgument(call, 0), integerArgument(call, 1)].map((each) => each && constantOf(each.term));
  if (fault === undefined || flags === undefined) return undefined;
  const has = (name: string, bits: bigint) => (bits & (world.constant(name)?.value ?? 0n)) !== 0n;
  const poisoned = has('VM_FAULT_HWPOISON', fault) || has('VM_FAULT_HWPOISON_LARGE', fault);
  if (has('VM_FAULT_OOM', fault)) return integerOf(int, -errorNumber('ENOMEM'));
  if (poisoned) return integerOf(int, -errorNumber(has('FOLL_HWPOISON', flags) ? 'EHWPOISON' : 'EFAULT'));
  return integerOf(int, has('VM_FAULT_SIGBUS', fault) || has('VM_FAULT_SIGSEGV', fault) ? -errorNumber('EFAULT') : 0n);
};

const errorNumber = (name: string) => BigInt(errnoNumber(name) ?? 0);

export const errorPointerServices: ServiceTable = {
  ERR_PTR: errPtr,
  PTR_ERR: ptrErr,
  IS_ERR: (_, call) => isError(call.arguments[0]),
  IS_ERR_VALUE: (_, call) => isError(call.arguments[0]),
  IS_ERR_OR_NULL: isErrOrNull,
  PTR_ERR_OR_ZERO: ptrErrOrZero,
  vmf_error: faultOfError,
  vmf_fs_error: faultOfError,
  vm_fault_to_errno: errorOfFault,
  ERR_CAST: (_, call) => call.arguments[0],
};
