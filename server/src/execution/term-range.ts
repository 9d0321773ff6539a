/**
 * What is certain about a term's wrapped value, whatever its symbols are: an interval and bits known to be 0 or 1.
 * Cheap and noted; no search. Knows C arithmetic, not Linux.
 */
import type { IntegerType } from './ctype.ts';
import type { Term } from './term.ts';
import { notesOf } from './term-key.ts';

/** Both ends inclusive. */
export interface Range {
  readonly min: bigint;
  readonly max: bigint;
}

/** Bits certain to be 0 and certain to be 1, in the two's complement of the term's width. */
export interface KnownBits {
  readonly zeros: bigint;
  readonly ones: bigint;
}

interface Knowledge extends KnownBits, Range {}

/** The values that `type` can hold. */
export function typeRange({ bits, signed }: IntegerType): Range {
  return (signed ? signedRanges : unsignedRanges)[bits];
}

const signedRanges = { 1: { min: 0n, max: 1n }, 8: signedRange(8), 16: signedRange(16), 32: signedRange(32), 64: signedRange(64) } as const;
const unsignedRanges = {
  1: unsignedRange(1),
  8: unsignedRange(8),
  16: unsignedRange(16),
  32: unsignedRange(32),
  64: unsignedRange(64),
} as const;

function signedRange(bits: number): Range {
  return { min: -1n << BigInt(bits - 1), max: (1n << BigInt(bits - 1)) - 1n };
}

function unsignedRange(bits: number): Range {
  return { min: 0n, max: (1n << BigInt(bits)) - 1n };
}

/** The term's C type; a constant has the one that its surroundings give it. */
export function typeOf(term: Term): IntegerType | undefined {
  if (term.kind === 'symbol') return term.symbol.type;
  return term.kind === 'operation' ? term.type : undefined;
}

/** An interval that holds every value the term can have after C's wrap-around. */
export function rangeOf(term: Term): Range {
  return knowledgeOf(term);
}

/** The bits of the term that are the same under every assignment. */
export function knownBits(term: Term): KnownBits {
  return knowledgeOf(term);
}

/** Whether the value of `term` is the same in `type`: no conversion to `type` changes it. */
export function fits(term: Term, type: IntegerType): boolean {
  const range = rangeOf(term);
  const limits = typeRange(type);
  return range.min >= limits.min && range.max <= limits.max;
}

/** Whether the symbols decide nothing about the comparison `left < right`: the answer, or `undefined`. */
export function lessByRange(left: Term, right: Term): boolean | undefined {
  const a = rangeOf(left);
  const b = rangeOf(right);
  if (a.max < b.min) return true;
  return a.min >= b.max ? false : undefined;
}

function knowledgeOf(term: Term): Knowledge {
  if (term.kind === 'constant') return compute(term);
  const notes: { knowledge?: unknown } = notesOf(term);
  const known = notes.knowledge as Knowledge | undefined;
  if (known) return known;
  const knowledge = refine(compute(term), typeOf(term));
  notes.knowledge = knowledge;
  return knowledge;
}

/** All ones in the width of `type`. */
function maskOf(type: IntegerType): bigint {
  return (1n << BigInt(type.bits)) - 1n;
}

const nothing: KnownBits = { zeros: 0n, ones: 0n };

function compute(term: Term): Knowledge {
  switch (term.kind) {
    case 'constant':
      return { min: term.value, max: term.value, ones: term.value, zeros: ~term.value };
    case 'symbol': {
      const { type, min, max, zeroBits } = term.symbol;
      const limits = typeRange(type);
      return { min: min ?? limits.min, max: max ?? limits.max, zeros: zeroBits ?? 0n, ones: 0n };
    }
    case 'operation':
      return computeOperation(term);
  }
}

function computeOperation(term: Term & { kind: 'operation' }): Knowledge {
  const limits = typeRange(term.type);
  const all: Knowledge = { ...limits, ...nothing };
  const [left, right] = term.operands;
  if (!left) return all;
  const a = knowledgeOf(left);
  const b = right ? knowledgeOf(right) : undefined;
  const exact = (min: bigint, max: bigint, bits: KnownBits = nothing): Knowledge =>
    min >= limits.min && max <= limits.max ? { min, max, ...bits } : { ...all, ...bits };
  switch (term.operator) {
    case 'eq':
    case 'ne':
    case 'lt':
    case 'le':
    case 'lnot':
      return { min: 0n, max: 1n, ...nothing };
    case 'not':
      return { ...all, zeros: a.ones & maskOf(term.type), ones: a.zeros & maskOf(term.type) };
    case 'neg':
      return exact(-a.max, -a.min, { zeros: lowZeros(a), ones: 0n });
    case 'cast':
      return exact(a.min, a.max, castBits(a, typeOf(left) ?? term.type, term.type));
    case 'apply':
      return b ? chosen(term.name, all, a, b) : all;
  }
  if (!b) return all;
  switch (term.operator) {
    case 'add':
      return exact(a.min + b.min, a.max + b.max, { zeros: lowZeros(a) & lowZeros(b), ones: 0n });
    case 'sub':
      return exact(a.min - b.max, a.max - b.min, { zeros: lowZeros(a) & lowZeros(b), ones: 0n });
    case 'mul': {
      const products = [a.min * b.min, a.min * b.max, a.max * b.min, a.max * b.max];
      return exact(lowest(products), highest(products), { zeros: lowZeros(a) | lowZeros(b), ones: 0n });
    }
    case 'div':
      return a.min >= 0n && b.min > 0n ? exact(a.min / b.max, a.max / b.min) : all;
    case 'mod':
      return a.min >= 0n && b.min > 0n ? exact(0n, a.max < b.max - 1n ? a.max : b.max - 1n) : all;
    case 'shl': {
      const by = shiftOf(right, term.type);
      if (by === undefined) return all;
      const mask = maskOf(term.type);
      const bits = { zeros: ((a.zeros << by) | ((1n << by) - 1n)) & mask, ones: (a.ones << by) & mask };
      return exact(a.min << by, a.max << by, bits);
    }
    case 'shr': {
      const by = shiftOf(right, term.type);
      if (by === undefined) return a.min >= 0n ? exact(0n, a.max) : all;
      if (a.min < 0n) return exact(a.min >> by, a.max >> by);
      const mask = maskOf(term.type);
      return exact(a.min >> by, a.max >> by, { zeros: ((a.zeros & mask) >> by) | (mask & ~(mask >> by)), ones: (a.ones & mask) >> by });
    }
    case 'and': {
      const bits = { zeros: a.zeros | b.zeros, ones: a.ones & b.ones };
      if (a.min >= 0n || b.min >= 0n)
        return exact(0n, a.min >= 0n && b.min >= 0n ? smaller(a.max, b.max) : a.min >= 0n ? a.max : b.max, bits);
      return { ...all, ...bits };
    }
    case 'or':
      return bitwise(all, a, b, { zeros: a.zeros & b.zeros, ones: a.ones | b.ones }, larger(a.min, b.min));
    case 'xor':
      return bitwise(all, a, b, { zeros: (a.zeros & b.zeros) | (a.ones & b.ones), ones: (a.zeros & b.ones) | (a.ones & b.zeros) }, 0n);
    default:
      return all;
  }
}

/** The smaller or larger of two, which are of the same type. */
function chosen(name: string | undefined, all: Knowledge, a: Knowledge, b: Knowledge): Knowledge {
  if (name === 'min') return { min: smaller(a.min, b.min), max: smaller(a.max, b.max), ...nothing };
  if (name === 'max') return { min: larger(a.min, b.min), max: larger(a.max, b.max), ...nothing };
  return all;
}

/** Bits that both types have keep their value; those that sign extension fills are not known. */
function castBits(bits: KnownBits, from: IntegerType, to: IntegerType): KnownBits {
  const shared = maskOf(from) & maskOf(to);
  const filled = from.signed ? 0n : maskOf(to) & ~maskOf(from);
  return { zeros: (bits.zeros & shared) | filled, ones: bits.ones & shared };
}

function bitwise(all: Knowledge, a: Knowledge, b: Knowledge, bits: KnownBits, min: bigint): Knowledge {
  if (a.min < 0n || b.min < 0n) return { ...all, ...bits };
  const width = BigInt(larger(a.max, b.max).toString(2).length);
  return { min, max: smaller((1n << width) - 1n, all.max), ...bits };
}

/** Makes the interval and the bits agree, for values that are not negative. */
function refine(knowledge: Knowledge, type: IntegerType | undefined): Knowledge {
  if (knowledge.min < 0n || !type) return knowledge;
  const mask = maskOf(type);
  const above = mask & ~((1n << BigInt(knowledge.max.toString(2).length)) - 1n);
  const zeros = (knowledge.zeros & mask) | above;
  const ones = knowledge.ones & mask;
  return { zeros, ones, min: larger(knowledge.min, ones), max: smaller(knowledge.max, mask & ~zeros) };
}

/** The run of known zeros from bit 0 upwards, which addition and subtraction keep. */
function lowZeros({ zeros }: KnownBits): bigint {
  const firstUnknown = ~zeros & (zeros + 1n);
  return firstUnknown === 0n ? zeros : firstUnknown - 1n;
}

function shiftOf(term: Term | undefined, type: IntegerType): bigint | undefined {
  if (term?.kind !== 'constant') return undefined;
  return term.value >= 0n && term.value < BigInt(type.bits) ? term.value : undefined;
}

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const larger = (a: bigint, b: bigint): bigint => (a < b ? b : a);
const lowest = (values: readonly bigint[]): bigint => values.reduce(smaller);
const highest = (values: readonly bigint[]): bigint => values.reduce(larger);
