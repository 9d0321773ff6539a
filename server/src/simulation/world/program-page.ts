/** A page that no driver allocated, as an allocation: what the kernel gave to a program, or its page of zeros. */
import type { Allocation } from '../../mm/physical/allocation.ts';
import { linear } from '../../mm/physical/linear.ts';
import { PAGE_BYTES } from '../../mm/units.ts';

/** The page `pfn` under the name `label`, at its address in the kernel's own mapping. */
export function programPage(pfn: number, label: string): Allocation {
  return {
    id: -pfn,
    kind: 'kernel',
    label,
    bytes: BigInt(PAGE_BYTES),
    pages: 1,
    order: 0,
    runs: [{ index: 0, pfn, pages: 1 }],
    address: linear(pfn),
    offset: 0,
    compound: false,
    fill: 'zero',
    freed: false,
    givenUp: false,
    split: false,
  };
}
