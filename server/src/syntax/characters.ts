/** UTF-16 units in an array, and back to text: what is blanked and masked is written into the array. */

const chunk = 8192;

export function charactersOf(text: string): Uint16Array {
  const characters = new Uint16Array(text.length);
  for (let at = 0; at < text.length; at++) characters[at] = text.charCodeAt(at);
  return characters;
}

/** The text of the units from `start` up to `end` (exclusive). */
export function textOfCharacters(characters: Uint16Array, start = 0, end = characters.length): string {
  let text = '';
  for (let from = start; from < end; from += chunk) {
    // `apply` takes any array-like; spreading one this long costs seven times as much.
    text += String.fromCharCode.apply(undefined, characters.subarray(from, Math.min(end, from + chunk)) as unknown as number[]);
  }
  return text;
}
