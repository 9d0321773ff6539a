/**
 * What /proc/PID/maps and /proc/PID/smaps show of a mapping (fs/proc/task_mmu.c).
 */
import { atLeast } from '../../kernel/version.ts';
import { smapsCodes } from '../../kernel/vma-flags.ts';
import { VM_EXEC, VM_LOCKED, VM_MAYSHARE, VM_PFNMAP, VM_READ, VM_WRITE } from '../flags.ts';
import { hasPteSpecial } from '../history/eras.ts';
import { judgeRun } from '../history/normal-run.ts';
import { type PteRun, pfnRange } from '../tables/page-table.ts';
import { PAGE_SHIFT, pageOf } from '../units.ts';
import { type Vma, vmaSize } from '../vma.ts';

function field(value: bigint): string {
  return value.toString(16).padStart(8, '0');
}

/** The line of /proc/PID/maps: range, rights, offset in bytes, device, inode, name. */
export function mapsLine(vma: Vma): string {
  const flags = vma.vm_flags;
  const rights = `${flags & VM_READ ? 'r' : '-'}${flags & VM_WRITE ? 'w' : '-'}${flags & VM_EXEC ? 'x' : '-'}${flags & VM_MAYSHARE ? 's' : 'p'}`;
  const file = vma.vm_file;
  const offset = file ? BigInt.asUintN(64, vma.vm_pgoff << PAGE_SHIFT) : 0n;
  const node = file ? `00:05 ${100 + file.mapping.id}` : '00:00 0';
  const name = vma.vm_ops?.name?.(vma) ?? file?.name;
  const line = `${field(vma.vm_start)}-${field(vma.vm_end)} ${rights} ${field(offset)} ${node}`;
  return name === undefined ? `${line} ` : `${line.padEnd(72)} ${name}`;
}

/** The lines of /proc/PID/smaps that mappings of drivers can change: sizes in KiB, and the flags. Special entries count nowhere. */
export interface Smaps {
  readonly size: number;
  readonly rss: number;
  /** Each page divided by the number of its mappings. */
  readonly pss: number;
  readonly sharedClean: number;
  readonly sharedDirty: number;
  readonly privateClean: number;
  readonly privateDirty: number;
  readonly referenced: number;
  readonly anonymous: number;
  /** `Locked`: the share of a VM_LOCKED vma. */
  readonly locked: number;
  readonly vmFlags: readonly string[];
}

const pageKiB = 4;

/** The parts of a run that smaps counts: before 2.6.26 the entries alone do not tell. */
function countedParts(vma: Vma, run: PteRun): readonly PteRun[] {
  const { memory, version } = vma.vm_mm.system;
  if (hasPteSpecial(version)) return run.value.special || !memory.pfnValid(BigInt(run.value.pfn)) ? [] : [run];
  return judgeRun(vma, run).flatMap(({ run: part, normal }) => (normal ? [part] : []));
}

/** `walk_page_test`, 3.10 to 6.1: no page of a VM_PFNMAP vma is looked at, so that private copies in it are not counted either. */
function isWalked(vma: Vma): boolean {
  const { version } = vma.vm_mm.system;
  return (vma.vm_flags & VM_PFNMAP) === 0n || !atLeast(version, 3, 10) || atLeast(version, 6, 2);
}

/** The smaps entry of a vma (`smaps_account`). */
export function smaps(vma: Vma): Smaps {
  const { memory, version } = vma.vm_mm.system;
  const pages = { rss: 0, pss: 0, sharedClean: 0, sharedDirty: 0, privateClean: 0, privateDirty: 0, referenced: 0, anonymous: 0 };
  const runs = isWalked(vma) ? vma.vm_mm.table.slice(pageOf(vma.vm_start), pageOf(vma.vm_end)) : [];
  const entries = runs.flatMap((run) => countedParts(vma, run));
  for (const { value: pte, ...run } of entries) {
    const { start, end, times } = pfnRange({ ...run, value: pte });
    for (const part of memory.pages.slice(start, end)) {
      const state = part.value;
      const count = (part.end - part.start) * times;
      const owners = state.mapcount < 2 ? 'private' : 'shared';
      pages.rss += count;
      pages.pss += count / Math.max(state.mapcount, 1);
      pages[`${owners}${pte.dirty || state.dirty ? 'Dirty' : 'Clean'}`] += count;
      if (pte.young) pages.referenced += count;
      if (state.use === 'anonymous') pages.anonymous += count;
    }
  }
  const pss = Math.floor(pages.pss * pageKiB);
  return {
    size: Number(vmaSize(vma) >> 10n),
    rss: pages.rss * pageKiB,
    pss,
    sharedClean: pages.sharedClean * pageKiB,
    sharedDirty: pages.sharedDirty * pageKiB,
    privateClean: pages.privateClean * pageKiB,
    privateDirty: pages.privateDirty * pageKiB,
    referenced: pages.referenced * pageKiB,
    anonymous: pages.anonymous * pageKiB,
    locked: vma.vm_flags & VM_LOCKED ? pss : 0,
    vmFlags: smapsCodes(vma.vm_flags, version),
  };
}
