/**
 * Keeps what was made from a stretch of text, by that text: the same stretch elsewhere gives the same data, moved.
 * What two versions of the file in a row did not ask for is forgotten.
 */
import { shifted } from './shift.ts';

interface Entry<T> {
  readonly source: string;
  readonly start: number;
  readonly value: T;
}

export class SliceCache<T> {
  #now = new Map<string, Entry<T>>();
  #before = new Map<string, Entry<T>>();

  /** The value for the stretch that begins at `start`; `make` is called when its text is new. */
  get(source: string, masked: string, start: number, make: () => T): T {
    const known = this.#now.get(masked) ?? this.#before.get(masked);
    const reusable = known?.source === source ? known : undefined;
    const entry: Entry<T> = reusable
      ? { source, start, value: shifted(reusable.value, start - reusable.start) }
      : { source, start, value: make() };
    this.#now.set(masked, reusable?.start === start ? reusable : entry);
    return reusable?.start === start ? reusable.value : entry.value;
  }

  /** A new version of the text begins. */
  turn(): void {
    this.#before = this.#now;
    this.#now = new Map();
  }

  clear(): void {
    this.#now.clear();
    this.#before.clear();
  }
}
