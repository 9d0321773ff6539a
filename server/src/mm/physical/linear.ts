/** The kernel's own mapping of all RAM. */
import { PAGE_SHIFT } from '../units.ts';

/** Start of the kernel's linear mapping of RAM (x86-64, without randomisation). */
export const PAGE_OFFSET = 0xffff_8880_0000_0000n;

/** Address of a page in the kernel's linear mapping. */
export function linear(pfn: number): bigint {
  return PAGE_OFFSET + (BigInt(pfn) << PAGE_SHIFT);
}
