/**
 * The identity of terms: two terms with the same key have the same value under every assignment. Keys are cached and
 * their length is limited (long ones are replaced by a hash of 106 bits), so that shared subterms cost nothing extra.
 * Knows the shape of terms only, not what the operators mean.
 */
import type { IntegerType } from './ctype.ts';
import type { SymbolInfo, Term } from './term.ts';

const longestKey = 160;

/** What has been computed of a term; the parts belong to the files that compute them. */
export interface TermNotes {
  key?: string;
  depth?: number;
  /** See `term-range.ts`. */
  knowledge?: unknown;
  /** See `term-evaluate.ts`. */
  symbols?: ReadonlyMap<string, SymbolInfo>;
}

/**
 * Terms are short-lived and many, and weak maps are slow to collect: an ordinary map, emptied before it grows large, is
 * the better cache. Losing a note only means to compute it again.
 */
const notes = new Map<Term, TermNotes>();
const mostNotes = 8192;

/** The place for what is computed of `term`. */
export function notesOf(term: Term): TermNotes {
  const known = notes.get(term);
  if (known) return known;
  if (notes.size >= mostNotes) notes.clear();
  const made: TermNotes = {};
  notes.set(term, made);
  return made;
}

/** A string that is equal for terms of equal structure, and for no others. */
export function termKey(term: Term): string {
  if (term.kind === 'constant') return `${term.value}`;
  const known = notesOf(term);
  known.key ??= term.kind === 'symbol' ? shorten(`$${term.symbol.id}`) : operationKey(term);
  return known.key;
}

/** How deep the operations of `term` are nested; 0 for constants and symbols. */
export function termDepth(term: Term): number {
  if (term.kind !== 'operation') return 0;
  const known = notesOf(term);
  known.depth ??= 1 + term.operands.reduce((depth, operand) => Math.max(depth, termDepth(operand)), 0);
  return known.depth;
}

/** Whether the two terms are built alike, and therefore always equal. */
export function sameTerm(left: Term, right: Term): boolean {
  if (left === right) return true;
  if (left.kind !== right.kind) return false;
  if (left.kind === 'symbol' && right.kind === 'symbol') return left.symbol.id === right.symbol.id;
  if (left.kind === 'operation' && right.kind === 'operation' && left.operator !== right.operator) return false;
  return termKey(left) === termKey(right);
}

function operationKey(term: Term & { readonly kind: 'operation' }): string {
  const comparand = term.comparand ? typeKey(term.comparand) : '';
  const operands = term.operands.map(termKey).join(' ');
  return shorten(`(${term.operator}${typeKey(term.type)}${comparand} ${term.name ?? ''} ${operands})`);
}

function typeKey(type: IntegerType): string {
  return `:${type.signed ? 's' : 'u'}${type.bits}`;
}

function shorten(key: string): string {
  return key.length <= longestKey ? key : `#${hash53(key, 0)}.${hash53(key, 0x9e3779b9)}`;
}

/** A 53-bit hash after the public-domain cyrb53: two 32-bit multiplicative lanes, mixed at the end. */
export function hash53(text: string, seed: number): string {
  let high = 0xdeadbeef ^ seed;
  let low = 0x41c6ce57 ^ seed;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36);
}
