/**
 * The arguments that an attack gives to the driver's ioctl commands: numbers, and memory of the program whose words are chosen
 * so that what the driver compares them with can be put in their place. Data in, data out; knows no driver and no run.
 */
import { PAGE_SIZE } from '../../mm/units.ts';
import { somewhereOwn } from '../run/buffers.ts';
import type { PlannedStatement } from '../scenario/format.ts';
import type { DataField } from '../scenario/model.ts';

/** One ioctl(2): its argument is a number, or memory with these 32-bit words. */
export interface Call {
  readonly command: string;
  readonly argument: bigint | Words;
}

export type Words = readonly bigint[];

/** Words that are chosen; zeros follow them. */
const chosenWords = 16;
/** Bytes of the memory behind them: more than the structs of most commands. */
const restBytes = 192n;

/** Small enough for a count, and none of the powers of two that constants often are. */
const smallOdd = 0x21n;

const words = (make: (index: number) => bigint): Words => Array.from({ length: chosenWords }, (_, index) => make(index));

/** What is tried first for each command: nothing, small numbers, pointers of 64 bits, a length. */
export const firstArguments: readonly Call['argument'][] = [
  words((index) => smallOdd + 2n * BigInt(index)),
  0n,
  words((index) => (index % 2 === 0 ? somewhereOwn + BigInt(index) * PAGE_SIZE : 0n)),
  words(() => 0n),
  0x2_0000n,
];

/** Words of which a sum may be made, and the most pages that one of them may count. */
const shiftedWords = 2;
const mostPages = 0x200n;

/** Other arguments that one comparison suggests, so many at most. */
const mostRefined = 6;

/**
 * Arguments in which a word, or a pair of words, is what the driver has compared it with instead; `compared` holds numbers as `left right`,
 * what was compared last being the likeliest reason for an error.
 */
export function refined(argument: Call['argument'], compared: readonly string[]): readonly Call['argument'][] {
  const found = new Map<string, Call['argument']>();
  for (const pair of compared.toReversed()) {
    const [left = 0n, right = 0n] = pair.split(' ').map(BigInt);
    for (const [mine, other] of [
      [left, right],
      [right, left],
    ] as const) {
      for (const each of replaced(argument, mine, other)) {
        if (found.size >= mostRefined) return [...found.values()];
        found.set(String(each), each);
      }
    }
    // A sum that a word is part of: bytes, or pages where they are counted.
    for (const each of shifted(argument, right - left)) if (found.size < mostRefined) found.set(String(each), each);
  }
  return [...found.values()];
}

/** The argument with `other` for each word, or pair of words, that is `mine`. */
function replaced(argument: Call['argument'], mine: bigint, other: bigint): readonly Call['argument'][] {
  const value = BigInt.asUintN(64, mine);
  const wanted = BigInt.asUintN(64, other);
  if (typeof argument === 'bigint') return argument === value ? [wanted] : [];
  if (value === 0n) return [];
  const low = (number: bigint) => BigInt.asUintN(32, number);
  const at = (index: number, ...put: readonly bigint[]) => argument.toSpliced(index, put.length, ...put);
  return argument.flatMap((word, index) => {
    const next = argument[index + 1] ?? 0n;
    if (index % 2 === 0 && value === (word | (next << 32n)) && (next !== 0n || wanted >> 32n !== 0n))
      return [at(index, low(wanted), wanted >> 32n)];
    return word !== 0n && word === low(value) ? [at(index, low(wanted))] : [];
  });
}

/** The argument with one of its first words larger by `difference`, or by as many pages as that is. */
function shifted(argument: Call['argument'], difference: bigint): readonly Call['argument'][] {
  if (typeof argument === 'bigint' || difference % PAGE_SIZE !== 0n) return [];
  return argument.slice(0, shiftedWords).flatMap((word, index) => {
    const sum = word + difference / PAGE_SIZE;
    return word !== 0n && sum > 0n && sum < mostPages ? [argument.toSpliced(index, 1, sum)] : [];
  });
}

/** The words of the argument, as long as they are told apart, that the driver has compared with something. */
export function comparedWords(argument: Call['argument'], compared: readonly string[]): readonly bigint[] {
  if (typeof argument === 'bigint') return [];
  const numbers = new Set(compared.flatMap((pair) => pair.split(' ')));
  return argument.filter((word) => word >= smallOdd && numbers.has(String(word)));
}

/** The statement; `buffer` names its memory. */
export function ioctlStatement({ command, argument }: Call, buffer?: string): PlannedStatement {
  if (typeof argument === 'bigint') return { action: { kind: 'ioctl', command, argument } };
  return { action: { kind: 'ioctl', command, data: dataOf(argument), ...(buffer === undefined ? {} : { buffer }) } };
}

function dataOf(all: Words): readonly DataField[] {
  const used = all.findLastIndex((word) => word !== 0n) + 1;
  const numbers = all.slice(0, used).map((value): DataField => ({ kind: 'number', bytes: 4, value }));
  return [...numbers, { kind: 'zero', length: BigInt(all.length - used) * 4n + restBytes }];
}

/** The numbers that the driver has written into the argument, of 32 and of 64 bits. */
export function writtenTo(argument: Call['argument'], bytes: Uint8Array): readonly bigint[] {
  if (typeof argument === 'bigint') return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const after = argument.flatMap((_, index) => (index * 4 + 4 <= bytes.length ? [BigInt(view.getUint32(index * 4, true))] : []));
  const changed = after.flatMap((word, index) => {
    const next = after[index + 1] ?? 0n;
    const isChanged = word !== argument[index];
    const isWide = index % 2 === 0 && next !== 0n && (isChanged || next !== argument[index + 1]);
    return [...(isWide ? [word | (next << 32n)] : []), ...(isChanged ? [word] : [])];
  });
  return [...new Set(changed)];
}
