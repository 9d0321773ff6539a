/**
 * The value of a term for given symbols, twice: with C's wrap-around and in true arithmetic. Where the two differ, the
 * program overflows. Linear in the number of different subterms.
 */
import { type IntegerType, wrap } from './ctype.ts';
import type { SymbolInfo, Term } from './term.ts';
import { foldBinary } from './term-fold.ts';
import { termFunctions } from './term-functions.ts';
import { notesOf, termKey } from './term-key.ts';
import { printTerm } from './term-print.ts';

/** Values by the id of a symbol; see `symbolsOf` for calls that stand for a symbol. */
export type Model = ReadonlyMap<string, bigint>;

export interface Evaluation {
  /** What the C program computes. */
  readonly wrapped: bigint;
  /** What unbounded integers give. */
  readonly exact: bigint;
  /** The innermost operation whose result did not fit and still matters for the value. */
  readonly overflow?: Term;
}

/** The term's value under `model`; `undefined` when a symbol has no value or the program divides by zero. */
export function evaluate(term: Term, model: Model): Evaluation | undefined {
  return new Evaluator(model).evaluate(term);
}

/** Evaluates many terms under one model and computes shared subterms once. */
export class Evaluator {
  readonly #model: Model;
  #known: Map<Term, Evaluation | undefined> | undefined;

  constructor(model: Model) {
    this.#model = model;
  }

  evaluate(term: Term): Evaluation | undefined {
    if (term.kind === 'constant') return { wrapped: term.value, exact: term.value };
    if (term.kind === 'symbol') return plain(this.#model.get(term.symbol.id), term.symbol.type);
    return this.#operation(term);
  }

  /** What is only one operation deep costs less to compute again than to keep. */
  #operand(term: Term): Evaluation | undefined {
    if (term.kind !== 'operation' || !term.operands.some(({ kind }) => kind === 'operation')) return this.evaluate(term);
    this.#known ??= new Map();
    if (this.#known.has(term)) return this.#known.get(term);
    const value = this.#operation(term);
    this.#known.set(term, value);
    return value;
  }

  #operation(term: Term & { readonly kind: 'operation' }): Evaluation | undefined {
    const operands: Evaluation[] = [];
    for (const operand of term.operands) {
      const value = this.#operand(operand);
      if (!value) return term.operator === 'apply' ? plain(this.#model.get(termKey(term)), term.type) : undefined;
      operands.push(value);
    }
    if (term.operator === 'apply') return this.#apply(term, operands);
    const [left, right] = operands;
    if (!left) return undefined;
    const wrapped = compute(term, left.wrapped, right?.wrapped);
    if (wrapped === undefined) return undefined;
    const sure = left.wrapped === left.exact && (!right || right.wrapped === right.exact);
    const kept = wrap(term.type, wrapped);
    const exact = saturate(exactly(term, left, right) ?? kept);
    if (term.comparand) return sure ? { wrapped: kept, exact: kept } : withOverflow(kept, exact, left.overflow ?? right?.overflow);
    if (kept === exact) return { wrapped: kept, exact };
    return withOverflow(kept, exact, left.overflow ?? right?.overflow ?? term);
  }

  #apply(term: Term & { readonly kind: 'operation' }, operands: readonly Evaluation[]): Evaluation | undefined {
    const known = termFunctions.get(term.name ?? '');
    if (!known) return plain(this.#model.get(termKey(term)), term.type);
    const value = known(
      operands.map((operand) => operand.wrapped),
      term.type,
    );
    if (value === undefined) return undefined;
    const overflow = operands.find((operand) => operand.overflow)?.overflow;
    const exact = operands.every((operand) => operand.wrapped === operand.exact)
      ? value
      : known(
          operands.map((operand) => operand.exact),
          term.type,
        );
    return withOverflow(wrap(term.type, value), exact ?? value, overflow);
  }
}

/** The symbols of a term by id. A call that nobody can compute counts as one symbol, and so do its equals. */
export function symbolsOf(...terms: readonly Term[]): ReadonlyMap<string, SymbolInfo> {
  const [only] = terms;
  if (only && terms.length === 1) return symbolsIn(only);
  const found = new Map<string, SymbolInfo>();
  for (const term of terms.toReversed()) for (const [id, symbol] of symbolsIn(term)) found.set(id, symbol);
  return found;
}

const noSymbols: ReadonlyMap<string, SymbolInfo> = new Map();

function symbolsIn(term: Term): ReadonlyMap<string, SymbolInfo> {
  if (term.kind === 'constant') return noSymbols;
  const notes = notesOf(term);
  notes.symbols ??= collectSymbols(term);
  return notes.symbols;
}

function collectSymbols(whole: Term): ReadonlyMap<string, SymbolInfo> {
  const found = new Map<string, SymbolInfo>();
  const seen = new Set<Term>();
  const waiting = [whole];
  for (let term = waiting.pop(); term; term = waiting.pop()) {
    if (seen.has(term)) continue;
    seen.add(term);
    if (term.kind === 'symbol') found.set(term.symbol.id, term.symbol);
    if (term.kind !== 'operation') continue;
    if (term.operator === 'apply' && !termFunctions.has(term.name ?? '')) {
      const id = termKey(term);
      found.set(id, { id, name: printTerm(term), type: term.type, control: 'driver', role: 'unknown' });
    } else {
      waiting.push(...term.operands);
    }
  }
  return found;
}

/** The constants that stand in the term. */
export function constantsOf(...terms: readonly Term[]): ReadonlySet<bigint> {
  const found = new Set<bigint>();
  const seen = new Set<Term>();
  const waiting = [...terms];
  for (let term = waiting.pop(); term; term = waiting.pop()) {
    if (seen.has(term)) continue;
    seen.add(term);
    if (term.kind === 'constant') found.add(term.value);
    if (term.kind === 'operation') waiting.push(...term.operands);
  }
  return found;
}

function plain(value: bigint | undefined, type: IntegerType): Evaluation | undefined {
  if (value === undefined) return undefined;
  const kept = wrap(type, value);
  return { wrapped: kept, exact: kept };
}

function withOverflow(wrapped: bigint, exact: bigint, overflow: Term | undefined): Evaluation {
  return overflow ? { wrapped, exact, overflow } : { wrapped, exact };
}

function compute(term: Term & { readonly kind: 'operation' }, left: bigint, right: bigint | undefined): bigint | undefined {
  switch (term.operator) {
    case 'not':
      return ~left;
    case 'neg':
      return -left;
    case 'lnot':
      return left === 0n ? 1n : 0n;
    case 'cast':
      return left;
    default:
      return right === undefined ? undefined : foldBinary(term.operator, term.type, left, right);
  }
}

/**
 * True arithmetic. Bit operations have no meaning beyond the width of their type, except that a mask such as `PAGE_MASK`
 * (`~0xfffUL`) clears low bits of a number of any size: a constant with its top bit set counts as extended without end.
 */
function exactly(term: Term & { readonly kind: 'operation' }, left: Evaluation, right: Evaluation | undefined): bigint | undefined {
  switch (term.operator) {
    case 'not':
      return wrap(term.type, ~left.wrapped);
    case 'and':
    case 'or':
    case 'xor': {
      if (!right) return undefined;
      if (left.wrapped === left.exact && right.wrapped === right.exact)
        return foldBinary(term.operator, term.type, left.exact, right.exact);
      return foldBinary(term.operator, term.type, endless(term, 0, left), endless(term, 1, right));
    }
    default:
      return compute(term, left.exact, right?.exact);
  }
}

/** True arithmetic need not go on for ever: no comparison of the program can tell numbers beyond this apart. */
const endlessSize = 1n << 512n;

function saturate(value: bigint): bigint {
  if (value > endlessSize) return endlessSize;
  return value < -endlessSize ? -endlessSize : value;
}

function endless(term: Term & { readonly kind: 'operation' }, index: number, value: Evaluation): bigint {
  const isMask = term.operands[index]?.kind === 'constant' && value.wrapped >> BigInt(term.type.bits - 1) === 1n;
  return isMask ? value.wrapped - (1n << BigInt(term.type.bits)) : value.exact;
}
