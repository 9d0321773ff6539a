/**
 * The names of Linux that stand for numbers in driver code, on x86-64 with 4 KiB pages: what a macro or enumerator of the
 * kernel's headers is worth on a version. The numbers are in `constant-table.ts`, `errno.ts` and the facts.
 */
import { type ConstantType, constantTables } from './constant-table.ts';
import { errnoNumber } from './errno.ts';
import type { FlagFact, Ranged } from './fact.ts';
import { readSince } from './load.ts';
import { flagFact, flagValue, valueAt } from './lookup.ts';
import { atLeast, type KernelVersion } from './version.ts';

/** log2 of a page's bytes. */
export const PAGE_SHIFT = 12n;
/** Bytes of a page. */
export const PAGE_SIZE = 4096n;

export interface KernelConstant {
  readonly value: bigint;
  /** The C type of the name. */
  readonly type: ConstantType;
}

const byName = new Map<string, { readonly type: ConstantType; readonly values: readonly Ranged<bigint>[] }>();
for (const [type, table] of constantTables) {
  for (const [name, since] of Object.entries(table)) byName.set(name, { type, values: readSince(since) });
}

/** What the C name `name` is worth in `version`; `undefined` for a name that is not in the tables or not there yet. */
export function kernelConstant(name: string, version: KernelVersion): KernelConstant | undefined {
  if (name === 'NULL') return { value: 0n, type: 'pointer' };
  const flag = flagFact(name);
  if (flag) {
    const value = flagValue(name, version);
    return value === undefined ? undefined : { value, type: typeOfFlag(flag, version) };
  }
  const errno = errnoNumber(name);
  if (errno !== undefined) return { value: BigInt(errno), type: 'int' };
  const constant = byName.get(name);
  const value = constant && valueAt(constant.values, version);
  return constant && value !== undefined ? { value, type: constant.type } : undefined;
}

/** The results of fault handlers are of `vm_fault_t` since 4.17, of `int` before. */
function typeOfFlag(flag: FlagFact, version: KernelVersion): ConstantType {
  switch (flag.family) {
    case 'vma':
    case 'vmalloc':
      return 'unsigned long';
    case 'vm-fault':
      return atLeast(version, 4, 17) ? 'unsigned int' : 'int';
    case 'fault-flag':
      return 'int';
  }
}
