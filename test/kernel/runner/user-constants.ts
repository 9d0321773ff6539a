/** The numbers that user space passes to system calls on x86-64. Taken from the headers of user space, not from the model: a wrong
 * constant in the model shows. */
import type { MapFlag, MappingAction, OpenFlag, OpenMode, Protection } from '../../../server/src/simulation/scenario/model.ts';

const openFlags: Readonly<Record<OpenFlag, number>> = { sync: 0o4010000, direct: 0o40000, nonblock: 0o4000, append: 0o2000, excl: 0o200 };
const openModes: Readonly<Record<OpenMode, number>> = { ro: 0, wo: 1, rw: 2 };

/** `O_*`. */
export function openBits(mode: OpenMode, flags: readonly OpenFlag[]): number {
  return flags.reduce((sum, flag) => sum | openFlags[flag], openModes[mode]);
}

/** `PROT_*`. */
export function protBits({ read, write, execute }: Protection): number {
  return (read ? 1 : 0) | (write ? 2 : 0) | (execute ? 4 : 0);
}

const sharing = { shared: 1, private: 2, shared_validate: 3 } as const;
const mapFlags: Readonly<Record<MapFlag, number>> = {
  nonblock: 0x10000,
  noreserve: 0x4000,
  growsdown: 0x100,
  sync: 0x80000,
  stack: 0x20000,
  hugetlb: 0x40000,
};

/** `MAP_*`. */
export function mapBits(action: Extract<MappingAction, { kind: 'mmap' }>): number {
  let bits: number = sharing[action.sharing];
  if (action.fixedAt) bits |= action.noReplace ? 0x100000 : 0x10;
  if (action.anonymous) bits |= 0x20;
  if (action.locked) bits |= 0x2000;
  if (action.populate) bits |= 0x8000;
  return (action.flags ?? []).reduce((sum, flag) => sum | mapFlags[flag], bits);
}

/** `MREMAP_*`. */
export function remapBits({ mayMove, fixedAt, dontUnmap }: Extract<MappingAction, { kind: 'mremap' }>): number {
  return (mayMove || fixedAt || dontUnmap ? 1 : 0) | (fixedAt ? 2 : 0) | (dontUnmap ? 4 : 0);
}

const syncFlags = { async: 1, invalidate: 2, sync: 4 } as const;

/** `MS_*`. */
export function syncBits(flags: readonly (keyof typeof syncFlags)[]): number {
  return flags.reduce((sum, flag) => sum | syncFlags[flag], 0);
}

/** `MADV_*`. */
export const adviceNumbers: Readonly<Record<string, number>> = {
  NORMAL: 0,
  RANDOM: 1,
  SEQUENTIAL: 2,
  WILLNEED: 3,
  DONTNEED: 4,
  FREE: 8,
  REMOVE: 9,
  DONTFORK: 10,
  DOFORK: 11,
  MERGEABLE: 12,
  UNMERGEABLE: 13,
  HUGEPAGE: 14,
  NOHUGEPAGE: 15,
  DONTDUMP: 16,
  DODUMP: 17,
  WIPEONFORK: 18,
  KEEPONFORK: 19,
  COLD: 20,
  PAGEOUT: 21,
  POPULATE_READ: 22,
  POPULATE_WRITE: 23,
  DONTNEED_LOCKED: 24,
  COLLAPSE: 25,
  HWPOISON: 100,
  SOFT_OFFLINE: 101,
  GUARD_INSTALL: 102,
  GUARD_REMOVE: 103,
};
