/**
 * Which ptes lead to a page that the mapping counts (`vm_normal_page`, mm/memory.c), decided by the special bit as on
 * every architecture that has one (x86, arm64, powerpc, riscv, s390); before 2.6.26 by what `history/` knows.
 */
import { atLeast } from '../../kernel/version.ts';
import { VM_MIXEDMAP, VM_PFNMAP } from '../flags.ts';
import { hasPteSpecial } from '../history/eras.ts';
import { judgeRun } from '../history/normal-run.ts';
import { zeroPfn } from '../physical/memory.ts';
import { at, inMemoryC } from '../problem.ts';
import type { System } from '../system.ts';
import { addressOf, hex } from '../units.ts';
import type { Vma } from '../vma.ts';
import { type PteRun, pfnRange } from './page-table.ts';

/**
 * Whether the ptes of `run` are normal: they have a struct page whose counts they are part of. Reports
 * `BUG: Bad page map` for ptes that the vma's flags do not explain, and treats them as not normal.
 */
export function isNormalRun(vma: Vma, run: PteRun): boolean {
  return normalParts(vma, run).every(({ normal }) => normal);
}

/** A part of a run whose entries are all normal or all not. */
export interface PartOfRun {
  readonly run: PteRun;
  readonly normal: boolean;
}

/** A run in parts of one kind: one, wherever the entries themselves tell (2.6.26 and later). */
export function normalParts(vma: Vma, run: PteRun): readonly PartOfRun[] {
  if (hasPteSpecial(vma.vm_mm.system.version)) return [{ run, normal: isNormal(vma, run) }];
  const parts = judgeRun(vma, run);
  for (const { run: part, unexplained } of parts) if (unexplained) badPte(vma, part, 'The memory behind it has no struct page.');
  return parts;
}

function isNormal(vma: Vma, run: PteRun): boolean {
  const system = vma.vm_mm.system;
  if (!run.value.special) {
    if (run.value.pfn === zeroPfn) warnOfZeros(system);
    if (system.memory.pfnValid(BigInt(run.value.pfn))) return true;
    badPte(vma, run, 'The pte is not special, and the memory behind it has no struct page.');
    return false;
  }
  if (vma.vm_flags & (VM_PFNMAP | VM_MIXEDMAP)) return false;
  if (run.value.pfn === zeroPfn && pfnRange(run).end === zeroPfn + 1) return false;
  badPte(vma, run, 'The pte is special, but the vma has neither VM_PFNMAP nor VM_MIXEDMAP.');
  return false;
}

/** `VM_WARN_ON_ONCE` of 6.12 with CONFIG_DEBUG_VM: the page of zeros is never a normal page. */
function warnOfZeros(system: System): void {
  if (!system.config.debugVm || !atLeast(system.version, 6, 12)) return;
  system.warnOnce({
    kind: 'warning',
    message: 'An entry leads to the page of zeros as if it were a page that is counted.',
    kernelLog: 'WARNING: at mm/memory.c vm_normal_page',
    where: inMemoryC('vm_normal_page'),
  });
}

/** The line with which `print_bad_pte` begins. */
export function badPteLog({ value: { pfn, prot } }: PteRun): string {
  const pte = BigInt.asUintN(64, (BigInt(pfn) << 12n) | (prot & 0xfffn));
  return `BUG: Bad page map in process program  pte:${pte.toString(16).padStart(8, '0')}`;
}

/** `print_bad_pte`. */
function badPte(vma: Vma, run: PteRun, why: string): void {
  const address = addressOf(run.start);
  vma.vm_mm.system.report({
    kind: 'bad-page-map',
    message: `The kernel finds a pte at ${hex(address)} that it cannot explain. ${why}`,
    kernelLog: badPteLog(run),
    where: inMemoryC('vm_normal_page'),
    rule: 'S5.7',
    ...at(vma, address),
    pfn: BigInt(run.value.pfn),
    pages: run.end - run.start,
  });
}
