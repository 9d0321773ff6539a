/**
 * What is wrong with the memory that a user access reached: freed, never initialised, or mapped by an entry that no vma
 * accounts for. The kernel notices none of this; an attacker does.
 */
import type { Mm } from '../mm.ts';
import { at } from '../problem.ts';
import type { Pte } from '../tables/page-table.ts';
import { hex, pageOf } from '../units.ts';

const userAccess = { function: 'user program', file: '' } as const;

/** Reports the problems of one access through `pte`. */
export function checkReached(mm: Mm, address: bigint, pte: Pte, write: boolean, initialised: boolean): void {
  const system = mm.system;
  const vma = mm.lookup(address);
  const verb = write ? 'writes' : 'reads';
  const page = mm.table.get(pageOf(address)) ?? pte;
  const memory = system.memory;
  const owner = memory.owner(page.pfn);
  const common = { where: userAccess, ...at(vma, address), pfn: BigInt(page.pfn) };
  if (memory.freedWhileMapped.slice(page.pfn, page.pfn + 1).length > 0 || (memory.page(page.pfn)?.use === 'free' && owner?.freed)) {
    system.report({
      kind: 'use-after-free',
      message: `User space ${verb} page ${hex(page.pfn)} at ${hex(address)}, which was freed${owner ? ` with ${owner.label}` : ''}. Whoever owns the page now shares it with the program.`,
      rule: 'S6.5',
      ...common,
    });
  }
  if (write && memory.page(page.pfn)?.use === 'zero') {
    system.report({
      kind: 'read-only-write',
      message: `User space writes the kernel's page of zeros at ${hex(address)}. Every program that reads fresh memory now reads what was written (CVE-2015-3288).`,
      rule: 'S4.2',
      ...common,
    });
  }
  if (write && owner?.readOnly) {
    system.report({
      kind: 'read-only-write',
      message: `User space writes ${owner.label} at ${hex(address)}, which the kernel itself keeps read-only.`,
      ...common,
    });
  }
  if (!vma) {
    system.report({
      kind: 'outside-vma',
      message: `User space ${verb} ${hex(address)} through an entry that belongs to no vma: it was written past the end of a mapping.`,
      rule: 'S5.3',
      ...common,
    });
  }
  if (!write && !initialised) {
    system.report({
      kind: 'uninitialised-memory',
      message: `User space reads ${owner ? owner.label : `page ${hex(page.pfn)}`} at ${hex(address)}, which nobody has initialised: it still holds what the kernel kept there before. Allocate it zeroed.`,
      ...common,
    });
  }
}
