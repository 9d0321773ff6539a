/** What follows from the conditions of a path. */
import { describe, expect, it } from 'vitest';
import { Knowledge } from '../../server/src/analysis/knowledge.ts';
import { int, unsignedLong } from '../../server/src/execution/ctype.ts';
import { constant, type Term } from '../../server/src/execution/term.ts';
import { binary, type ComparisonOperator, castTerm, compare, lnot } from '../../server/src/execution/term-build.ts';

function symbol(id: string): Term {
  return { kind: 'symbol', symbol: { id, name: id, type: unsignedLong, control: 'user', role: 'unknown' } };
}

const term = (value: Term | number): Term => (typeof value === 'number' ? constant(value) : value);
const is = (operator: ComparisonOperator, left: Term, right: Term | number): Term => compare(operator, unsignedLong, left, term(right));
const x = symbol('x');
const y = symbol('y');

function knowing(...conditions: readonly Term[]): Knowledge {
  const knowledge = new Knowledge();
  for (const condition of conditions) knowledge.assume(condition);
  return knowledge;
}

describe('knowledge', () => {
  it('holds what was assumed and not its contrary', () => {
    const knowledge = knowing(is('lt', x, y));
    expect(knowledge.decide(is('lt', x, y))).toBe(true);
    expect(knowledge.decide(lnot(is('lt', x, y)))).toBe(false);
    expect(knowledge.decide(is('le', x, y))).toBe(true);
    expect(knowledge.decide(is('gt', x, y))).toBe(false);
    expect(knowledge.decide(is('eq', y, x))).toBe(false);
    expect(new Knowledge().decide(is('lt', x, y))).toBeUndefined();
  });

  it('joins two conditions on the same terms', () => {
    expect(knowing(is('le', x, y), is('ne', x, y)).decide(is('lt', x, y))).toBe(true);
    expect(knowing(is('le', x, y), is('ge', x, y)).decide(is('eq', x, y))).toBe(true);
    expect(knowing(is('le', x, y)).decide(is('lt', x, y))).toBeUndefined();
  });

  it('keeps intervals', () => {
    const knowledge = knowing(is('lt', x, 10), is('ge', x, 3));
    expect(knowledge.decide(is('gt', x, 20))).toBe(false);
    expect(knowledge.decide(is('ne', x, 2))).toBe(true);
    expect(knowledge.decide(is('eq', x, 5))).toBeUndefined();
    expect(knowledge.decide(is('lt', binary('shl', unsignedLong, x, constant(12)), 0x10000))).toBe(true);
    expect(knowledge.decide(compare('lt', int, castTerm(x, unsignedLong, int), constant(0)))).toBe(false);
  });

  it('does not take signed for unsigned comparisons', () => {
    const signed = (operator: ComparisonOperator): Term =>
      compare(operator, int, castTerm(x, unsignedLong, int), castTerm(y, unsignedLong, int));
    expect(knowing(is('lt', x, y)).decide(signed('lt'))).toBeUndefined();
  });

  it('keeps bits of masks', () => {
    const masked = (mask: number): Term => binary('and', unsignedLong, x, constant(mask));
    const knowledge = knowing(is('eq', masked(0x28), 0x20));
    expect(knowledge.decide(is('ne', masked(0x8), 0))).toBe(false);
    expect(knowledge.decide(is('ne', masked(0x20), 0))).toBe(true);
    expect(knowledge.decide(is('eq', masked(0x60), 0x40))).toBe(false);
    expect(knowledge.decide(is('ne', masked(0x40), 0))).toBeUndefined();
    expect(knowing(is('ne', masked(0x8), 0)).decide(is('eq', masked(0x28), 0x20))).toBe(false);
  });
});
