/**
 * Keeps what was made from a stretch of text, by that text: the same stretch elsewhere gives the same data, moved.
 * What many versions of the file in a row did not ask for is forgotten: while a text is broken, nobody asks for most of it. What another
 * stretch has taken the place of, as with each key in a function, goes soon: a stretch holds the whole text that it was cut from.
 */
import { shifted } from './shift.ts';

interface Entry<T> {
  readonly source: string;
  readonly start: number;
  readonly value: T;
  /** The version that asked for it last. */
  turn: number;
}

/** Versions of the file for which a stretch is kept that none of them asked for: one that still has its place, and one that has not. */
const [longest, replaced] = [100, 6];

export class SliceCache<T> {
  readonly #entries = new Map<string, Entry<T>>();
  /** The stretch that was asked for last at each offset. */
  readonly #places = new Map<number, string>();
  #turn = 0;

  /** The value for the stretch that begins at `start`; `make` is called when its text is new. */
  get(source: string, masked: string, start: number, make: () => T): T {
    this.#takePlace(masked, start);
    const known = this.#entries.get(masked);
    const reusable = known?.source === source ? known : undefined;
    if (reusable?.start === start) {
      reusable.turn = this.#turn;
      return reusable.value;
    }
    const value = reusable ? shifted(reusable.value, start - reusable.start) : make();
    this.#entries.set(masked, { source, start, value, turn: this.#turn });
    return value;
  }

  /** A new version of the text begins. */
  turn(): void {
    this.#turn++;
    for (const [masked, { turn }] of this.#entries) if (this.#turn - turn > longest) this.#entries.delete(masked);
    for (const [start, masked] of this.#places) if (this.#entries.get(masked)?.start !== start) this.#places.delete(start);
  }

  /** What was at `start` before has been replaced. */
  #takePlace(masked: string, start: number): void {
    const former = this.#places.get(start);
    if (former === masked) return;
    this.#places.set(start, masked);
    const entry = former === undefined ? undefined : this.#entries.get(former);
    if (entry?.start === start) entry.turn = Math.min(entry.turn, this.#turn - longest + replaced);
  }

  clear(): void {
    this.#entries.clear();
    this.#places.clear();
  }
}
