/** A small seeded generator, so that random tests are the same on every run. */

/** Numbers from 0 up to (not including) `limit`, in a sequence that `seed` decides. */
export function seeded(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
