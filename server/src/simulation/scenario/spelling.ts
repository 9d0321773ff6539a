/** Which known word somebody may have meant. Knows no scenario. */

/** Words longer than this are not compared: nobody mistypes them into a keyword. */
const longestWord = 40;

/** The nearest of `known` when it is near enough to be a slip of the fingers. */
function nearestWord(word: string, known: Iterable<string>): string | undefined {
  if (word.length > longestWord) return undefined;
  const lower = word.toLowerCase();
  let best: string | undefined;
  let least = Math.min(3, Math.floor(word.length / 2) + 1);
  for (const each of known) {
    const distance = editDistance(lower, each.toLowerCase());
    if (distance < least) {
      best = each;
      least = distance;
    }
  }
  return best;
}

/** ` Did you mean `mmap`?` or nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const near = nearestWord(word, known);
  return near === undefined || near === word ? '' : ` Did you mean \`${near}\`?`;
}

/** Letters to add, take away, replace or swap with their neighbour. */
function editDistance(left: string, right: string): number {
  let before: number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1];
      let cost = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      next.push(cost);
    }
    before = row;
    row = next;
  }
  return row[right.length] ?? 0;
}
