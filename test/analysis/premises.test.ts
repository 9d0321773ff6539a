/** The quick no before a search: what it says no to has no model, and the contradictions that rules meet most are among that. */
import { describe, expect, it } from 'vitest';
import { constraint, Premises } from '../../server/src/analysis/premises.ts';
import type { IntegerType } from '../../server/src/execution/ctype.ts';
import { int, unsignedLong } from '../../server/src/execution/ctype.ts';
import { constant, type SymbolInfo, type Term, type TermOperator } from '../../server/src/execution/term.ts';
import { binary, compare } from '../../server/src/execution/term-build.ts';
import { evaluate } from '../../server/src/execution/term-evaluate.ts';
import { seeded } from '../support/seeded.ts';

const byte: IntegerType = { kind: 'integer', bits: 8, signed: false };
const signedByte: IntegerType = { kind: 'integer', bits: 8, signed: true };

interface Wanted {
  readonly term: Term;
  readonly arithmetic: 'wrapped' | 'exact';
}

function symbol(id: string, limits: Partial<SymbolInfo> = {}): Term {
  return { kind: 'symbol', symbol: { id, name: id, type: unsignedLong, control: 'driver', role: 'unknown', ...limits } };
}

function ask(wanted: readonly Wanted[], domains?: ReadonlyMap<string, readonly bigint[]>): boolean {
  const conditions = wanted.filter(({ arithmetic }) => arithmetic === 'wrapped').map(({ term }) => term);
  const goals = wanted.filter(({ arithmetic }) => arithmetic === 'exact').map((goal) => constraint(goal, true));
  return new Premises(conditions, domains).ruleOut(goals);
}

const computed = (term: Term): Wanted => ({ term, arithmetic: 'wrapped' });
const really = (term: Term): Wanted => ({ term, arithmetic: 'exact' });

describe('a quick no', () => {
  const size = symbol('size');
  const pages = symbol('pages', { max: (1n << 52n) - 1n });
  const bytes = binary('shl', unsignedLong, pages, constant(12));

  it('says no to a length beyond every device that the device bounds', () => {
    const bounded = [
      really(compare('lt', unsignedLong, constant(1n << 46n), bytes)),
      computed(compare('le', unsignedLong, size, constant(1n << 33n))),
    ];
    expect(ask([computed(compare('le', unsignedLong, bytes, size)), ...bounded])).toBe(true);
    expect(ask(bounded)).toBe(false);
  });

  it('says no to a condition that is false in true arithmetic where nothing can wrap around', () => {
    const end = binary('add', unsignedLong, size, constant(4096));
    const holds = compare('le', unsignedLong, end, bytes);
    const opposite = really({ kind: 'operation', operator: 'lt', type: int, comparand: unsignedLong, operands: [bytes, end] });
    expect(ask([computed(holds), opposite, computed(compare('le', unsignedLong, size, constant(1n << 33n)))])).toBe(true);
    expect(ask([computed(holds), opposite])).toBe(false);
  });

  it('says no where no value of a domain is left', () => {
    const flags = symbol('flags');
    const domains = new Map([['flags', [1n, 3n, 8n]]]);
    const has = (bit: bigint) => computed(compare('ne', unsignedLong, binary('and', unsignedLong, flags, constant(bit)), constant(0)));
    expect(ask([has(2n), has(8n)], domains)).toBe(true);
    expect(ask([has(1n), has(2n)], domains)).toBe(false);
  });
});

const operators: readonly TermOperator[] = [
  'add', 'sub', 'mul', 'div', 'mod', 'shl', 'shr', 'and', 'or', 'xor', 'not', 'neg', 'lnot', 'cast', 'apply', 'eq', 'lt',
]; // biome-ignore format: a table
const constants = [0n, 1n, 2n, 3n, 7n, 12n, 127n, 128n, 240n, 248n, 255n];
const unary: ReadonlySet<TermOperator> = new Set(['not', 'neg', 'lnot', 'cast']);

function anyTerm(lot: (below: number) => number, leaves: readonly Term[], depth: number): Term {
  if (depth === 0 || lot(4) === 0)
    return lot(3) === 0 ? constant(constants[lot(constants.length)] ?? 0n) : (leaves[lot(leaves.length)] ?? constant(0));
  const operator = operators[lot(operators.length)] ?? 'add';
  const operands = Array.from({ length: unary.has(operator) ? 1 : 2 }, () => anyTerm(lot, leaves, depth - 1));
  const type = lot(5) === 0 ? signedByte : byte;
  if (operator === 'eq' || operator === 'lt') return { kind: 'operation', operator, type: int, comparand: type, operands };
  return { kind: 'operation', operator, type, operands, ...(operator === 'apply' && { name: lot(2) === 0 ? 'min' : 'max' }) };
}

function anyWanted(lot: (below: number) => number, leaves: readonly Term[]): Wanted {
  const operator = (['lt', 'le', 'eq', 'ne'] as const)[lot(4)] ?? 'lt';
  const operands = [anyTerm(lot, leaves, 3), anyTerm(lot, leaves, 2)];
  return { term: { kind: 'operation', operator, type: int, comparand: byte, operands }, arithmetic: lot(2) === 0 ? 'wrapped' : 'exact' };
}

describe('what it says no to', () => {
  it('has no model, whatever the terms', () => {
    const lot = seeded(20260101);
    let refused = 0;
    const missed: unknown[] = [];
    for (let round = 0; round < 1500; round++) {
      const x = { min: BigInt(lot(3) * 120), max: 0n };
      const leaves = [symbol('x', { type: byte, min: x.min, max: x.min + 9n }), symbol('y', { type: signedByte, min: -5n, max: 4n })];
      const wanted = Array.from({ length: 1 + lot(3) }, () => anyWanted(lot, leaves));
      if (!ask(wanted)) continue;
      refused++;
      for (let a = x.min; a <= x.min + 9n; a++)
        for (let b = -5n; b <= 4n; b++) {
          const model = new Map([
            ['x', a],
            ['y', b],
          ]);
          if (wanted.every(({ term, arithmetic }) => (evaluate(term, model)?.[arithmetic] ?? 0n) !== 0n)) missed.push({ wanted, a, b });
        }
    }
    expect(missed).toEqual([]);
    expect(refused).toBeGreaterThan(200);
  });
});
