/**
 * Keeps what was made from a stretch of text, by that text: the same stretch elsewhere gives the same data, moved.
 * What many versions of the file in a row did not ask for is forgotten: while a text is broken, nobody asks for most of it.
 */
import { shifted } from './shift.ts';

interface Entry<T> {
  readonly source: string;
  readonly start: number;
  readonly value: T;
  /** The version that asked for it last. */
  turn: number;
}

/** Versions of the file. */
const longest = 100;

export class SliceCache<T> {
  readonly #entries = new Map<string, Entry<T>>();
  #turn = 0;

  /** The value for the stretch that begins at `start`; `make` is called when its text is new. */
  get(source: string, masked: string, start: number, make: () => T): T {
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
  }

  clear(): void {
    this.#entries.clear();
  }
}
