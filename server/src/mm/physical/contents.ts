/**
 * The bytes of physical pages, kept only where somebody wrote. Everything else reads as the fill of its allocation.
 */
import { PAGE_BYTES } from '../units.ts';
import type { Fill } from './allocation.ts';

/** The byte that memory of each fill shows: recognisable, and the same in every run. */
const fillByte: Readonly<Record<Fill, number>> = { zero: 0x00, stale: 0x5a, device: 0xdd };

/** Bytes read, and whether any of them was never written by anybody. */
export interface PageBytes {
  readonly bytes: Uint8Array;
  readonly initialised: boolean;
}

interface WrittenPage {
  readonly bytes: Uint8Array;
  /** Set when all bytes have been given a value by somebody. */
  initialised: boolean;
  /** First and last byte written, to tell a partly written stale page from a full one. */
  from: number;
  to: number;
}

/** Sparse page contents, by pfn. */
export class PageContents {
  readonly #written = new Map<number, WrittenPage>();

  /** `length` bytes from `offset` of page `pfn`, which shows `fill` where nobody wrote. */
  read(pfn: number, offset: number, length: number, fill: Fill): PageBytes {
    const page = this.#written.get(pfn);
    if (!page) return { bytes: new Uint8Array(length).fill(fillByte[fill]), initialised: fill !== 'stale' };
    const known = page.initialised || (offset >= page.from && offset + length <= page.to);
    return { bytes: page.bytes.slice(offset, offset + length), initialised: known };
  }

  /** Writes `bytes` at `offset` of page `pfn`. */
  write(pfn: number, offset: number, bytes: Uint8Array, fill: Fill): void {
    let page = this.#written.get(pfn);
    if (!page) {
      const fresh = new Uint8Array(PAGE_BYTES).fill(fillByte[fill]);
      page = { bytes: fresh, initialised: fill !== 'stale', from: offset, to: offset };
      this.#written.set(pfn, page);
    }
    page.bytes.set(bytes, offset);
    page.from = Math.min(page.from, offset);
    page.to = Math.max(page.to, offset + bytes.length);
    if (page.from === 0 && page.to === PAGE_BYTES) page.initialised = true;
  }

  /** Gives page `to` the bytes of page `from`. */
  copy(from: number, to: number, fill: Fill): void {
    const page = this.#written.get(from);
    const bytes = page ? page.bytes.slice() : new Uint8Array(PAGE_BYTES).fill(fillByte[fill]);
    const initialised = page ? page.initialised : fill !== 'stale';
    this.#written.set(to, { bytes, initialised, from: page?.from ?? 0, to: page?.to ?? 0 });
  }

  /** Forgets what was written to `[start, end)`. */
  forget(start: number, end: number): void {
    if (end - start < this.#written.size) for (let pfn = start; pfn < end; pfn++) this.#written.delete(pfn);
    else for (const pfn of this.#written.keys()) if (pfn >= start && pfn < end) this.#written.delete(pfn);
  }
}
