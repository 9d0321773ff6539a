/** A small seeded generator (xorshift32): the same seed gives the same attack. Knows nothing of what is chosen. */

export class Random {
  #state: number;

  /** `seed` is any whole number. */
  constructor(seed: number) {
    // A state of 0 stays 0.
    this.#state = (Math.imul(seed | 0, 0x9e37_79b9) ^ 0x6d2b_79f5) | 0 || 1;
  }

  /** A whole number from 0 up to, and without, `limit`. */
  below(limit: number): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return (state >>> 0) % limit;
  }

  /** One of `items`; `undefined` when there are none. */
  pick<Item>(items: readonly Item[]): Item | undefined {
    return items[this.below(Math.max(1, items.length))];
  }
}
