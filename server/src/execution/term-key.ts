/**
 * The identity of terms: two terms with the same key have the same value under every assignment. Keys are cached and
 * their length is limited (long ones are replaced by a hash of 106 bits), so that shared subterms cost nothing extra.
 * Knows the shape of terms only, not what the operators mean.
 */
import type { IntegerType } from './ctype.ts';
import type { Term } from './term.ts';

const longestKey = 160;

interface Identity {
  readonly key: string;
  readonly depth: number;
}

const identities = new WeakMap<Term, Identity>();

/** A string that is equal for terms of equal structure, and for no others. */
export function termKey(term: Term): string {
  return identityOf(term).key;
}

/** How deep the operations of `term` are nested; 0 for constants and symbols. */
export function termDepth(term: Term): number {
  return identityOf(term).depth;
}

/** Whether the two terms are built alike, and therefore always equal. */
export function sameTerm(left: Term, right: Term): boolean {
  return left === right || termKey(left) === termKey(right);
}

function identityOf(term: Term): Identity {
  const known = identities.get(term);
  if (known) return known;
  const identity = computeIdentity(term);
  identities.set(term, identity);
  return identity;
}

function computeIdentity(term: Term): Identity {
  switch (term.kind) {
    case 'constant':
      return { key: `${term.value}`, depth: 0 };
    case 'symbol':
      return { key: shorten(`$${term.symbol.id}`), depth: 0 };
    case 'operation': {
      const operands = term.operands.map(identityOf);
      const comparand = term.comparand ? typeKey(term.comparand) : '';
      const name = term.name ?? '';
      const key = `(${term.operator}${typeKey(term.type)}${comparand} ${name} ${operands.map((operand) => operand.key).join(' ')})`;
      return { key: shorten(key), depth: 1 + operands.reduce((depth, operand) => Math.max(depth, operand.depth), 0) };
    }
  }
}

function typeKey(type: IntegerType): string {
  return `:${type.signed ? 's' : 'u'}${type.bits}`;
}

function shorten(key: string): string {
  return key.length <= longestKey ? key : `#${hash53(key, 0)}.${hash53(key, 0x9e3779b9)}`;
}

/** A 53-bit hash after the public-domain cyrb53: two 32-bit multiplicative lanes, mixed at the end. */
function hash53(text: string, seed: number): string {
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
