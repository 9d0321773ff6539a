/** The numbers of the rules that the memory management model follows, by section. The test of citations holds each to a test or a limit. */

/** Rules of a section, from the first to the last; section 3 has two ranges. */
const ranges: readonly (readonly [section: number, first: number, last: number])[] = [
  [1, 1, 5],
  [2, 1, 9],
  [3, 1, 11],
  [3, 20, 24],
  [4, 1, 11],
  [5, 1, 8],
  [6, 1, 9],
  [7, 1, 7],
  [8, 1, 6],
  [9, 1, 5],
  [10, 1, 12],
  [11, 1, 5],
  [12, 1, 6],
  [13, 1, 5],
  [14, 1, 8],
];

/** Every rule as it is cited: `S3.20`. */
export const rules: readonly string[] = ranges.flatMap(([section, first, last]) =>
  Array.from({ length: last - first + 1 }, (_none, index) => `S${section}.${first + index}`),
);
