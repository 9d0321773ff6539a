/**
 * The x86 mitigation of L1TF: entries without access rights must not name high physical addresses (arch/x86/mm/mmap.c).
 */
import { atLeast } from '../../kernel/version.ts';
import { isAccessible } from '../pgprot.ts';
import type { System } from '../system.ts';
import { PAGE_SHIFT, pageAlign, pfnNumber } from '../units.ts';

/** `l1tf_pfn_limit` of a processor whose cache knows 44 bits of physical address. */
const l1tfPfnLimit = 2 ** 31;

/**
 * `pfn_modify_allowed` (4.19 and later) for `size` bytes from page `pfn` on: false when the protection is PROT_NONE, the
 * memory no RAM and above the limit, on a processor with the bug and for a program without CAP_SYS_ADMIN (`config.l1tf`).
 */
export function pfn_modify_allowed(system: System, pfn: bigint, size: bigint, prot: bigint): boolean {
  if (!system.config.l1tf || !atLeast(system.version, 4, 19) || isAccessible(prot)) return true;
  const start = pfnNumber(pfn);
  const end = start + Number(pageAlign(size) >> PAGE_SHIFT);
  if (end <= l1tfPfnLimit) return true;
  const high = Math.max(start, l1tfPfnLimit);
  const ram = system.memory.regions.slice(high, end).filter((run) => run.value === 'ram');
  return ram.reduce((pages, run) => pages + run.end - run.start, 0) === end - high;
}
