/**
 * Lines of state without the numbers that are by chance: which page the allocator gave out, and where the kernel put a mapping.
 * Used for what is recorded and for what is simulated.
 */
import { holes } from './boot.ts';

/** What stands for the counts of a page that was freed under its entry: whoever got it since has made them what they are. */
export const anybodys = 'freed';

/** Private mappings of VM_PFNMAP have the first pfn as their offset; offsets that drivers select their ways by lie below this one. */
const firstAllocatedPfn = 0x1000;
/** The window of the bus, below 4 GiB. */
const busWindow = { start: 0x8_0000, end: 0x10_0000 };
/** Page numbers of addresses in the area for mappings: anonymous memory that has moved has its address as its offset. */
const addresses = { start: 0x7_0000_0000, end: 0x8_0000_0000 };

function isFixed(pfn: number): boolean {
  const windows = [busWindow, ...holes.map(({ start, bytes }) => ({ start: start >> 12, end: (start + bytes) >> 12 }))];
  return windows.some(({ start, end }) => pfn >= start && pfn < end);
}

/** `a 0..2p rw-p off 0x4bf4 …` becomes `a 0..2p rw-p off pfn …`. */
export function stableLine(line: string): string {
  const match = /^(.*) off 0x([0-9a-f]+) (rss .*)$/.exec(line);
  if (!match) return line;
  const [, head = '', digits = '', rest = ''] = match;
  const offset = Number.parseInt(digits, 16);
  if (offset >= addresses.start && offset < addresses.end) return `${head} off address ${rest}`;
  const isCopied = /p$/.test(head) && / pf( |$)/.test(rest);
  return isCopied && offset >= firstAllocatedPfn && !isFixed(offset) ? `${head} off pfn ${rest}` : line;
}
