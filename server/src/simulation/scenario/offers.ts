/**
 * What may come next on an unfinished line of a scenario: the parser itself is asked, and tells what it looked for where the line ends.
 * Knows no editor.
 */
import type { NameKind } from './words.ts';

/** A word that the language has, a name that earlier lines made, or one that only the driver can tell. */
export type OfferKind = 'word' | NameKind | 'command' | 'assumption';

/** One thing that may stand at the end of the line. `command` and `assumption` come without a text: the driver has them. */
export interface Offer {
  readonly kind: OfferKind;
  readonly text: string;
}

/** Collects offers while a line is read; each once, in the order in which they are looked for. */
export class Offers {
  readonly #names: ReadonlyMap<string, NameKind>;
  readonly #found = new Map<string, Offer>();

  /** `names`: what earlier lines made. */
  constructor(names: ReadonlyMap<string, NameKind>) {
    this.#names = names;
  }

  get list(): readonly Offer[] {
    return [...this.#found.values()];
  }

  words(texts: Iterable<string>): void {
    for (const text of texts) this.#add({ kind: 'word', text });
  }

  names(kinds: readonly NameKind[]): void {
    for (const [text, kind] of this.#names) if (kinds.includes(kind)) this.#add({ kind, text });
  }

  ofDriver(kind: 'command' | 'assumption'): void {
    this.#add({ kind, text: '' });
  }

  #add(offer: Offer): void {
    const key = `${offer.kind} ${offer.text}`;
    if (!this.#found.has(key)) this.#found.set(key, offer);
  }
}
