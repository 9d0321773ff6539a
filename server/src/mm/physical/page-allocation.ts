/**
 * Blocks of one page (`alloc_page`). A loop takes very many of them, so each is small, and pages that were taken one after the
 * other for one purpose are known in runs: the value of a run names its first block, and `following` the others.
 */
import { PAGE_SIZE } from '../units.ts';
import type { Allocation, Fill, PfnRun } from './allocation.ts';
import { linear } from './linear.ts';

/** One page. Its size and its address follow from the pfn. */
export class PageAllocation implements Allocation {
  readonly id: number;
  readonly label: string;
  readonly fill: Fill;
  readonly pfn: number;
  freed = false;
  givenUp = false;
  split = false;
  /** The blocks of one purpose whose pages follow each other, and the place among them. */
  readonly #series: PageAllocation[];
  readonly #index: number;

  /** `last` is the block of one page that was made before this one. */
  constructor(id: number, label: string, pfn: number, fill: Fill, last: PageAllocation | undefined) {
    this.id = id;
    this.label = label;
    this.pfn = pfn;
    this.fill = fill;
    this.#series = last && last.pfn + 1 === pfn && last.label === label && last.fill === fill ? last.#series : [];
    this.#index = this.#series.length;
    this.#series.push(this);
  }

  get kind(): 'pages' {
    return 'pages';
  }

  get bytes(): bigint {
    return PAGE_SIZE;
  }

  get pages(): number {
    return 1;
  }

  get runs(): readonly PfnRun[] {
    return [{ index: 0, pfn: this.pfn, pages: 1 }];
  }

  get address(): bigint {
    return linear(this.pfn);
  }

  get offset(): number {
    return 0;
  }

  /** One page is no compound block, with `__GFP_COMP` or without. */
  get compound(): boolean {
    return false;
  }

  get order(): number {
    return 0;
  }

  following(pages: number): Allocation | undefined {
    return this.#series[this.#index + pages];
  }
}
