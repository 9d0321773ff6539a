/**
 * The page table of one address space as runs of equal entries. Only storage: who may put an entry where, and what
 * that does to page counts, is the business of the callers.
 */
import type { PteRunView } from '../event.ts';
import { Extents, type Run } from '../extents.ts';
import { isWritable } from '../pgprot.ts';
import { addressOf } from '../units.ts';

/** A page table entry, or the first of a run of them. */
export interface Pte {
  readonly pfn: number;
  /** 1: each next page of the run has the next pfn; 0: all have the same (the page of zeros, or one page many times). */
  readonly step: 0 | 1;
  /** `pte_special`: the memory behind it has no struct page that this mapping counts. */
  readonly special: boolean;
  readonly dirty: boolean;
  readonly young: boolean;
  /** Everything else, including the write bit and the cache type. */
  readonly prot: bigint;
  /** Pages of the large entry that this one stands for a part of; absent: none. */
  readonly huge?: number;
}

/** A run of ptes; `start` and `end` are virtual page numbers. */
export type PteRun = Run<Pte>;

/** The pfns that a run of ptes leads to, as ranges: one for a plain run, the same page again and again for step 0. */
export function pfnRange(run: PteRun): { readonly start: number; readonly end: number; readonly times: number } {
  const pages = run.end - run.start;
  if (run.value.step === 0) return { start: run.value.pfn, end: run.value.pfn + 1, times: pages };
  return { start: run.value.pfn, end: run.value.pfn + pages, times: 1 };
}

/** A run of ptes as plain data. */
export function viewPteRun(run: PteRun): PteRunView {
  const pte = run.value;
  return {
    start: addressOf(run.start),
    end: addressOf(run.end),
    pfn: BigInt(pte.pfn),
    samePage: pte.step === 0 && run.end - run.start > 1,
    special: pte.special,
    writable: isWritable(pte.prot),
    dirty: pte.dirty,
    young: pte.young,
    prot: pte.prot,
  };
}

/** Runs of ptes, keyed by virtual page number. */
export class PageTable extends Extents<Pte> {
  constructor() {
    super({
      at: (pte, offset) => (offset === 0 || pte.step === 0 ? pte : { ...pte, pfn: pte.pfn + offset }),
      join: joinPtes,
    });
  }
}

function joinPtes(left: Pte, leftLength: number, right: Pte, rightLength: number): Pte | undefined {
  if (left.special !== right.special || left.dirty !== right.dirty || left.young !== right.young || left.prot !== right.prot) {
    return undefined;
  }
  if (left.huge !== right.huge) return undefined;
  const leftSame = left.step === 0 || leftLength === 1;
  const rightSame = right.step === 0 || rightLength === 1;
  if (leftSame && rightSame && left.pfn === right.pfn) return left.step === 0 ? left : { ...left, step: 0 };
  const leftNext = left.step === 1 || leftLength === 1;
  const rightNext = right.step === 1 || rightLength === 1;
  if (leftNext && rightNext && right.pfn === left.pfn + leftLength) return left.step === 1 ? left : { ...left, step: 1 };
  return undefined;
}
