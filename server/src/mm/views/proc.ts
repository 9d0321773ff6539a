/**
 * What /proc/PID/maps and /proc/PID/smaps show of a mapping (fs/proc/task_mmu.c).
 */
import { smapsCodes } from '../../kernel/vma-flags.ts';
import { VM_EXEC, VM_MAYSHARE, VM_READ, VM_WRITE } from '../flags.ts';
import type { Mm } from '../mm.ts';
import { splitByUse } from '../tables/zap.ts';
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

/** Sizes of /proc/PID/smaps in KiB, and the flags line. Only pages that the mapping counts are resident. */
export interface Smaps {
  readonly size: number;
  readonly rss: number;
  readonly anonymous: number;
  readonly vmFlags: readonly string[];
}

const pageKiB = 4;

/** The smaps entry of a vma. */
export function smaps(vma: Vma): Smaps {
  const mm: Mm = vma.vm_mm;
  let resident = 0;
  let anonymous = 0;
  for (const run of mm.table.slice(pageOf(vma.vm_start), pageOf(vma.vm_end))) {
    if (run.value.special || !mm.system.memory.pfnValid(BigInt(run.value.pfn))) continue;
    for (const part of splitByUse(vma, run)) {
      resident += part.run.end - part.run.start;
      if (part.anonymous) anonymous += part.run.end - part.run.start;
    }
  }
  return {
    size: Number(vmaSize(vma) >> 10n),
    rss: resident * pageKiB,
    anonymous: anonymous * pageKiB,
    vmFlags: smapsCodes(vma.vm_flags, mm.system.version),
  };
}
