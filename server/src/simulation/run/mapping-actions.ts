/** Statements about mappings as system calls of the mm model. */
import { errno } from '../../mm/errno.ts';
import {
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_GROWSDOWN,
  MAP_HUGETLB,
  MAP_LOCKED,
  MAP_NONBLOCK,
  MAP_NORESERVE,
  MAP_POPULATE,
  MAP_PRIVATE,
  MAP_SHARED,
  MAP_SHARED_VALIDATE,
  MAP_STACK,
  MAP_SYNC,
  MREMAP_DONTUNMAP,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  MS_ASYNC,
  MS_INVALIDATE,
  MS_SYNC,
  PROT_EXEC,
  PROT_READ,
  PROT_WRITE,
} from '../../mm/flags.ts';
import type { Mm } from '../../mm/mm.ts';
import { fail } from '../../mm/outcome.ts';
import { type Madvice, madvice, madvise } from '../../mm/syscalls/madvise.ts';
import { mincore } from '../../mm/syscalls/mincore.ts';
import { mlock, mlockall, munlock, munlockall } from '../../mm/syscalls/mlock.ts';
import { mmap } from '../../mm/syscalls/mmap.ts';
import { mprotect } from '../../mm/syscalls/mprotect.ts';
import { mremap } from '../../mm/syscalls/mremap.ts';
import { msync } from '../../mm/syscalls/msync.ts';
import { munmap } from '../../mm/syscalls/munmap.ts';
import { remap_file_pages } from '../../mm/syscalls/remap-file-pages.ts';
import { PAGE_SHIFT, pageAlign } from '../../mm/units.ts';
import type { MapFlag, MappingAction, Protection } from '../scenario/model.ts';
import { type ActionContext, type ActionResult, notMapped, skipped } from './context.ts';

type Mmap = Extract<MappingAction, { kind: 'mmap' }>;
type Mremap = Extract<MappingAction, { kind: 'mremap' }>;

/** Does a statement about a mapping in the process of `mm`. */
export function runMappingAction(context: ActionContext, mm: Mm, action: MappingAction): ActionResult {
  if (action.kind === 'mmap') return runMmap(context, mm, action);
  if (action.kind === 'munlockall') return { outcome: munlockall(mm).outcome };
  if (action.kind === 'mlockall') {
    const has = (flag: (typeof action.flags)[number]) => action.flags.includes(flag);
    return { outcome: mlockall(mm, { current: has('current'), future: has('future'), onFault: has('onfault') }).outcome };
  }
  const start = context.addressOf(mm, action.address);
  if (start === undefined) return notMapped(action.address);
  const { mapping: name } = action.address;
  const mapping = name === undefined ? undefined : context.processes.mapping(mm, name);
  const rest = mapping ? mapping.start + mapping.length - start : 0n;
  if (action.kind === 'mremap') return runMremap(context, mm, action, start, rest);
  const length = action.length ?? rest;
  switch (action.kind) {
    case 'mprotect':
      return { outcome: mprotect(mm, start, length, protBits(action.protection)).outcome };
    case 'mlock':
      return { outcome: mlock(mm, start, length, action.onFault).outcome };
    case 'madvise': {
      const advice = action.advice.toUpperCase();
      return { outcome: isAdvice(advice) ? madvise(mm, start, length, advice).outcome : fail(errno.EINVAL) };
    }
    case 'msync':
      return { outcome: msync(mm, start, length, bits(syncBits, action.flags)).outcome };
    case 'remap_file_pages':
      return { outcome: remap_file_pages(mm, start, length, action.offset >> PAGE_SHIFT).outcome };
    case 'mincore': {
      const { outcome, vector } = mincore(mm, start, length);
      return outcome.kind === 'ok' ? { outcome, bytes: vector } : { outcome };
    }
    case 'munmap':
      return { outcome: munmap(mm, start, length).outcome };
    case 'munlock':
      return { outcome: munlock(mm, start, length).outcome };
  }
}

function isAdvice(name: string): name is Madvice {
  return Object.hasOwn(madvice, name);
}

function runMmap(context: ActionContext, mm: Mm, action: Mmap): ActionResult {
  const { processes } = context;
  const place = action.fixedAt ?? action.hint;
  const address = place && context.addressOf(mm, place);
  const offset = context.amountOf(mm, action.offset);
  const file = action.anonymous ? undefined : context.descriptors.file(mm, action.of);
  if (!file && !action.anonymous) return skipped('nothing is open');
  if (place && address === undefined) return notMapped(place);
  if (offset === undefined) return skipped('what the offset should be is not in memory');
  processes.making = action.mapping;
  const { outcome } = mmap(mm, {
    ...(file ? { file } : {}),
    length: action.length,
    prot: protBits(action.protection),
    flags: mapBits(action),
    offset,
    ...(address === undefined ? {} : { address }),
  });
  processes.results.set(action.mapping, outcome);
  if (outcome.kind === 'ok') processes.setMapping(mm, action.mapping, { start: outcome.value, length: pageAlign(action.length) });
  return { outcome };
}

const sharingBits = { shared: MAP_SHARED, private: MAP_PRIVATE, shared_validate: MAP_SHARED_VALIDATE } as const;

const flagBits: Readonly<Record<MapFlag, number>> = {
  nonblock: MAP_NONBLOCK,
  noreserve: MAP_NORESERVE,
  growsdown: MAP_GROWSDOWN,
  sync: MAP_SYNC,
  stack: MAP_STACK,
  hugetlb: MAP_HUGETLB,
};

const syncBits = { sync: MS_SYNC, async: MS_ASYNC, invalidate: MS_INVALIDATE } as const;

function bits<Name extends string>(table: Readonly<Record<Name, number>>, names: readonly Name[]): number {
  return names.reduce((sum, name) => sum | table[name], 0);
}

function mapBits({ sharing, fixedAt, noReplace, populate, locked, anonymous, flags }: Mmap): number {
  return (
    sharingBits[sharing] |
    (fixedAt ? (noReplace ? MAP_FIXED_NOREPLACE : MAP_FIXED) : 0) |
    (populate ? MAP_POPULATE : 0) |
    (locked ? MAP_LOCKED : 0) |
    (anonymous ? MAP_ANONYMOUS : 0) |
    bits(flagBits, flags ?? [])
  );
}

/** The mapping's name goes with it, unless the statement names the new place. */
function runMremap(context: ActionContext, mm: Mm, action: Mremap, start: bigint, rest: bigint): ActionResult {
  const { processes } = context;
  const fixedAt = action.fixedAt && context.addressOf(mm, action.fixedAt);
  if (action.fixedAt && fixedAt === undefined) return notMapped(action.fixedAt);
  processes.making = action.mapping;
  const { outcome } = mremap(mm, {
    address: start,
    oldLength: action.oldLength ?? rest,
    newLength: action.length,
    flags:
      (action.mayMove || action.fixedAt ? MREMAP_MAYMOVE : 0) |
      (action.fixedAt ? MREMAP_FIXED : 0) |
      (action.dontUnmap ? MREMAP_DONTUNMAP | MREMAP_MAYMOVE : 0),
    ...(fixedAt === undefined ? {} : { newAddress: fixedAt }),
  });
  const { mapping: old, offset, fromEnd } = action.address;
  const isWhole = offset === 0n && !fromEnd;
  const name = action.mapping ?? old;
  if (name === undefined) return { outcome };
  processes.results.set(name, outcome);
  if (outcome.kind === 'ok' && (isWhole || action.mapping !== undefined))
    processes.setMapping(mm, name, { start: outcome.value, length: pageAlign(action.length) });
  return { outcome };
}

function protBits({ read, write, execute }: Protection): number {
  return (read ? PROT_READ : 0) | (write ? PROT_WRITE : 0) | (execute ? PROT_EXEC : 0);
}
