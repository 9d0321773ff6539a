/**
 * What a core dump has of each mapping (`vma_dump_size`, fs/coredump.c; `get_dump_page`, mm/gup.c).
 */
import { atLeast, type KernelVersion } from '../../kernel/version.ts';
import { copyUser } from '../fault/access.ts';
import { VM_DONTDUMP, VM_IO, VM_READ, VM_SHARED } from '../flags.ts';
import { hasVmReserved } from '../history/eras.ts';
import { VM_RESERVED } from '../history/flags.ts';
import type { Mm } from '../mm.ts';
import { ok, type UserResult, userAction } from '../outcome.ts';
import { addressOf, PAGE_BYTES, pageOf } from '../units.ts';
import { type Vma, vma_is_anonymous } from '../vma.ts';
import { get_user_pages, putUserPages } from './gup.ts';

/** Bits of /proc/PID/coredump_filter. */
const ANON_PRIVATE = 1;
const MAPPED_PRIVATE = 4;
const MAPPED_SHARED = 8;
const ELF_HEADERS = 16;
/** What the filter is unless somebody changed it. */
export const defaultDumpFilter = 0x33;

/** A mapping in the dump: `dumped` bytes of `[start, end)`; the rest is left out or a hole. */
export interface DumpedRange {
  readonly start: bigint;
  readonly end: bigint;
  readonly dumped: bigint;
}

export interface CoredumpResult extends UserResult {
  readonly ranges: readonly DumpedRange[];
}

/** Writes the core dump of a process; pages that get_user_pages cannot reach become holes. */
export function coredump(mm: Mm, filter: number = defaultDumpFilter): CoredumpResult {
  const vmas = mm.vmas.map((vma) => ({ vma, size: vma_dump_size(vma, filter) }));
  const ranges: DumpedRange[] = [];
  const result = userAction(mm.system, mm, () => {
    const sizes = vmas.map(({ vma, size }) => (size === 'elf-header' ? elfHeaderSize(vma) : size));
    for (const [index, { vma }] of vmas.entries()) {
      ranges.push({ start: vma.vm_start, end: vma.vm_end, dumped: dump_user_range(vma, sizes[index] ?? 0n) });
    }
    return ok();
  });
  return { ...result, ranges };
}

/** VM_DONTDUMP, up to 3.6 VM_RESERVED and, from 3.4 on, VM_NODUMP with the bit that is VM_DONTDUMP's today. */
function leftOut(version: KernelVersion): bigint {
  return (hasVmReserved(version) ? VM_RESERVED : 0n) | (atLeast(version, 3, 4) ? VM_DONTDUMP : 0n);
}

/** Bytes of the vma that are to be dumped; `elf-header`: its first page if that begins an ELF file. */
function vma_dump_size(vma: Vma, filter: number): bigint | 'elf-header' {
  const whole = vma.vm_end - vma.vm_start;
  const flags = vma.vm_flags;
  if (flags & (VM_IO | leftOut(vma.vm_mm.system.version))) return 0n;
  if (flags & VM_SHARED) return filter & MAPPED_SHARED ? whole : 0n;
  if (vma.anon_vma !== undefined && filter & ANON_PRIVATE) return whole;
  if (!vma.vm_file) return 0n;
  if (filter & MAPPED_PRIVATE) return whole;
  return filter & ELF_HEADERS && vma.vm_pgoff === 0n && flags & VM_READ ? 'elf-header' : 0n;
}

/** The kernel looks at the first bytes through the mapping, which may call the fault handler. */
function elfHeaderSize({ vm_mm: mm, vm_start: start }: Vma): bigint {
  const magic = new Uint8Array(4);
  const isElf = copyUser(mm, start, magic, 'from-user') === 0 && [0x7f, 0x45, 0x4c, 0x46].every((byte, index) => magic[index] === byte);
  return isElf ? BigInt(PAGE_BYTES) : 0n;
}

/** The bytes of the first `size` that have a page. Without an entry or a fault handler there is none. */
function dump_user_range(vma: Vma, size: bigint): bigint {
  const mm = vma.vm_mm;
  let pages = 0;
  for (let page = pageOf(vma.vm_start); page < pageOf(vma.vm_start + size); page++) {
    const canFault = !vma_is_anonymous(vma) && vma.vm_ops?.fault !== undefined;
    if (!canFault && !mm.table.get(page)) continue;
    const pfn = get_dump_page(mm, addressOf(page));
    if (pfn === undefined) continue;
    putUserPages(mm, [pfn]);
    pages += 1;
  }
  return BigInt(pages * PAGE_BYTES);
}

/** One page by get_user_pages with FOLL_FORCE. */
function get_dump_page(mm: Mm, address: bigint): bigint | undefined {
  return get_user_pages(mm, address, 1, { force: true }).pfns[0];
}
