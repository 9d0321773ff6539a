/** Numbers, characters and strings as C spells them, as values. */

export interface NumberLiteral {
  readonly negative: boolean;
  readonly value: bigint;
  readonly suffix: string;
  readonly base: 8 | 10 | 16 | 2;
}

/** Reads an integer literal with an optional sign; `undefined` for floating point and anything else. */
export function readNumber(text: string): NumberLiteral | undefined {
  const match = /^([-+]?)(0[xX][\da-fA-F]+|0[bB][01]+|\d+)([uUlL]*)$/.exec(text);
  const digits = match?.[2];
  if (!match || digits === undefined) return undefined;
  const suffix = (match[3] ?? '').toLowerCase();
  const negative = match[1] === '-';
  if (/^0[xX]/.test(digits)) return { negative, value: BigInt(digits), suffix, base: 16 };
  if (/^0[bB]/.test(digits)) return { negative, value: BigInt(digits), suffix, base: 2 };
  if (/^0\d/.test(digits)) return /[89]/.test(digits) ? undefined : { negative, value: BigInt(`0o${digits.slice(1)}`), suffix, base: 8 };
  return { negative, value: BigInt(digits), suffix, base: 10 };
}

const simpleEscapes: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, 0: 0, a: 7, b: 8, f: 12, v: 11, e: 27 };

/** The characters between the quotes of a literal, escapes resolved; a line continuation vanishes. */
export function charactersOf(text: string): string {
  return text.replace(/\\(x[\da-fA-F]{1,4}|[0-7]{1,3}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|\r?\n|[\s\S])/g, (_, sequence: string) => {
    if (/^\r?\n$/.test(sequence)) return '';
    if (/^[xuU][\da-fA-F]/.test(sequence)) return codePoint(Number.parseInt(sequence.slice(1), 16));
    if (/^[0-7]/.test(sequence)) return String.fromCharCode(Number.parseInt(sequence, 8));
    const simple = simpleEscapes[sequence];
    return simple === undefined ? sequence : String.fromCharCode(simple);
  });
}

function codePoint(value: number): string {
  return value <= 0x10ffff ? String.fromCodePoint(value) : '';
}

/** The value of `'x'`: a signed char as on x86, several characters packed as gcc does. */
export function readCharacter(text: string): bigint {
  const inside = charactersOf(text.replace(/^(L|u8|u|U)?'/, '').replace(/'$/, ''));
  let value = 0n;
  for (let at = 0; at < inside.length; at++) value = (value << 8n) | BigInt(inside.charCodeAt(at) & 0xff);
  return BigInt.asIntN(inside.length > 1 ? 32 : 8, value);
}

/** The characters of one string literal with its quotes. */
export function readString(text: string): string {
  return charactersOf(text.replace(/^(L|u8|u|U)?"/, '').replace(/"$/, ''));
}
