/** Looks at user memory without touching it: no fault, no access bit, no event. */
import type { Mm } from '../../mm/mm.ts';
import { offsetInPage, PAGE_BYTES, pageOf } from '../../mm/units.ts';

/** `length` bytes at `address` of a process; `undefined` where a page is not mapped. */
export function look(mm: Mm, address: bigint, length: number): Uint8Array | undefined {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const here = address + BigInt(done);
    const pte = mm.table.get(pageOf(here));
    if (!pte) return undefined;
    const part = Math.min(length - done, PAGE_BYTES - offsetInPage(here));
    bytes.set(mm.system.memory.read(pte.pfn, offsetInPage(here), part).bytes, done);
    done += part;
  }
  return bytes;
}

/** The number that bytes are, the lowest first. */
export function numberIn(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, each) => (sum << 8n) | BigInt(each), 0n);
}

/** The lowest `length` bytes of a number, the lowest first. */
export function bytesOfNumber(value: bigint, length: number): Uint8Array {
  const number = BigInt.asUintN(8 * length, value);
  return Uint8Array.from({ length }, (_, index) => Number((number >> BigInt(8 * index)) & 0xffn));
}
