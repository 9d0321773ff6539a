/**
 * The values that a number of the driver may be assumed to have, by what it means: the likeliest first, the others for a
 * run that does not get through with it. Knows no C object; device windows are asked of whoever keeps them.
 */
import type { IntegerType } from '../../execution/ctype.ts';
import type { Allocation } from '../../mm/physical/allocation.ts';
import { formatSize, hex, PAGE_SIZE } from '../../mm/units.ts';
import { type Choice, formatAssumed } from './assumptions.ts';
import type { InferredRole } from './roles.ts';

/** What a length is assumed to be when nothing tells: 64 KiB. */
export const assumedLength = 0x1_0000n;
export const assumedPages = assumedLength / PAGE_SIZE;

type Choices = readonly [Choice, ...Choice[]];

/** Choices for a number. `region` makes the device window that an address of this name leads to. */
export function choicesFor({ role, because }: InferredRole, type: IntegerType, region: () => Allocation, isSet = false): Choices {
  switch (role) {
    case 'length': {
      const reason = `a length, because ${because}`;
      const first = { value: assumedLength, text: formatSize(assumedLength), reason };
      return type.bits < 32 ? [number(1n, reason)] : [first, number(0x10_0000n, reason), number(PAGE_SIZE, reason), number(0n, reason)];
    }
    case 'count': {
      const reason = `a count, because ${because}`;
      return [number(assumedPages, reason), number(1n, reason), number(0n, reason)];
    }
    case 'physicalAddress': {
      const start = physicalStart(region());
      return [
        {
          value: start,
          text: hex(start),
          reason: `a physical address, because ${because}: ${formatSize(region().bytes)} of assumed memory starts there`,
        },
      ];
    }
    case 'pfn': {
      const start = physicalStart(region()) >> 12n;
      return [
        {
          value: start,
          text: hex(start),
          reason: `a pfn, because ${because}: ${formatSize(region().bytes)} of assumed memory starts there`,
        },
      ];
    }
    case 'flags': {
      const all = (1n << BigInt(Math.min(type.bits, 32))) - 1n;
      const reason = `flags, because ${because}`;
      return [guess(0n, reason), guess(all, reason), guess(1n, reason), guess(2n, reason)];
    }
    case 'address':
    case 'offset':
    case 'index':
    case 'status':
    case 'pointer':
    case 'unknown': {
      const reason = role === 'unknown' ? because : `${words[role]}, because ${because}`;
      if (isSet) return [guess(1n, 'its name says that it is set while the driver works'), guess(0n, reason)];
      const choices: Choices = [guess(0n, reason), guess(1n, reason)];
      return type.bits === 1 || role === 'index' ? choices : [...choices, guess(2n, reason), guess(assumedLength, reason)];
    }
  }
}

/** How many of the tested bits are left out, one at a time. */
const mostLeftOut = 3;

/** Choices for flags, behind all of them: all but those of one constant whose bits the driver tests. */
export function withBitsLeftOut(
  [first, all, ...others]: Choices,
  tested: readonly { readonly name: string; readonly bits: bigint }[],
): Choices {
  if (!all) return [first];
  const left = new Map(
    tested.flatMap(({ name, bits }) => {
      const value = all.value & ~bits;
      return value === all.value || value === 0n ? [] : [[value, guess(value, `flags without ${name}, which the driver tests`)] as const];
    }),
  );
  return [first, all, ...[...left.values()].slice(0, mostLeftOut), ...others];
}

/** Choices for flags with those that have the bits of one constant alone: a state that the driver asks for. */
export function withSingleBits(choices: Choices, tested: readonly { readonly name: string; readonly bits: bigint }[]): Choices {
  const known = new Set(choices.map(({ value }) => value));
  const single = new Map(
    tested.flatMap(({ name, bits }) => (known.has(bits) ? [] : [[bits, guess(bits, `${name} alone, which the driver tests`)] as const])),
  );
  return [...choices, ...[...single.values()].slice(0, mostLeftOut)];
}

const words = {
  address: 'an address',
  offset: 'an offset',
  index: 'an index',
  status: 'a state',
  pointer: 'a pointer',
} as const;

function number(value: bigint, reason: string): Choice {
  return { value, text: formatAssumed(value), reason };
}

function guess(value: bigint, reason: string): Choice {
  return { ...number(value, reason), isGuess: true };
}

/** Choices for a constant of a header that is not at hand; `order` counts the constants that were asked for before. */
export function constantChoices(name: string, order: number): Choices {
  const reason = 'a constant of a header that is not at hand';
  if (/FALSE$/.test(name)) return [number(0n, reason)];
  if (/TRUE$/.test(name)) return [number(1n, reason)];
  if (/SIZE|LEN/.test(name)) return [{ value: assumedLength, text: formatSize(assumedLength), reason }, number(PAGE_SIZE, reason)];
  if (/MASK/.test(name)) return [guess(0xffff_ffffn, reason), guess(0n, reason)];
  if (/SHIFT/.test(name)) return [guess(12n, reason), guess(0n, reason)];
  if (/OFF(SET)?(_|$)/.test(name)) return [guess(0n, reason), guess(assumedLength, reason)];
  // Larger than the constants that count as bits first: what it limits is one of them.
  if (/(^|_)(MAX|NUM|NR|COUNT)(_|$)/.test(name)) return [guess(256n, reason), guess(16n, reason)];
  // Distinct bits serve as flags and as the cases of a switch.
  return [guess(1n << BigInt(order % 31), reason)];
}

/** The value of a kernel option that nobody sets. */
export const optionChoices: Choices = [number(1n, 'a kernel option that nobody sets counts as on')];

/** Where a device window starts in the physical address space, in bytes. */
export function physicalStart(region: Allocation): bigint {
  return (BigInt(region.runs[0]?.pfn ?? 0) << 12n) + BigInt(region.offset);
}

/** A count by which an object is alive: that of a `kref` or `refcount_t`, or one of users that the driver keeps itself. */
export function isUserCount(name: string): boolean {
  return (
    /(ref|kref|refs|refcount|usage|users)(\.\w+)*\.counter$/.test(name) ||
    /(^|_|\.|>)((use|usage|open|ref)_?count|n_?(users|readers|opens))$/.test(name)
  );
}

const userCountReason = 'a count of users, and the object is in use';

/** Choices for such a count. */
export const userCounts: Choices = [guess(1n, userCountReason), guess(0n, userCountReason)];

/** The choices for a number that a user program hands over. */
export function chosenByUser([first, ...others]: Choices): Choices {
  const users = ({ value, text }: Choice): Choice => ({ value, text, reason: 'the program hands it over', isUsers: true });
  return [users(first), ...others.map(users)];
}
