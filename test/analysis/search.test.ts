/** The search for values under which a path's conditions hold and a goal does too. */
import { describe, expect, it } from 'vitest';
import { type Goal, Premises } from '../../server/src/analysis/premises.ts';
import { searchModel } from '../../server/src/analysis/search.ts';
import { type IntegerType, unsignedInt, unsignedLong } from '../../server/src/execution/ctype.ts';
import { constant, type SymbolInfo, type Term } from '../../server/src/execution/term.ts';
import { type ArithmeticOperator, binary, type ComparisonOperator, castTerm, compare } from '../../server/src/execution/term-build.ts';
import { evaluate, type Model } from '../../server/src/execution/term-evaluate.ts';

function symbol(id: string, facts: Partial<SymbolInfo> = {}, type: IntegerType = unsignedLong): Term {
  return { kind: 'symbol', symbol: { id, name: id, type, control: 'user', role: 'unknown', ...facts } };
}

const term = (value: Term | number | bigint): Term => (typeof value === 'object' ? value : constant(value));
const ul = (operator: ArithmeticOperator, left: Term, right: Term | number | bigint): Term =>
  binary(operator, unsignedLong, left, term(right));
const is = (operator: ComparisonOperator, left: Term, right: Term | number | bigint): Term =>
  compare(operator, unsignedLong, left, term(right));
const exact = (goal: Term): Goal => ({ term: goal, arithmetic: 'exact' });
const wrapped = (goal: Term): Goal => ({ term: goal, arithmetic: 'wrapped' });

const pages = symbol('pages', { min: 1n, max: (1n << 35n) - 1n, role: 'count' });
const pgoff = symbol('vma->vm_pgoff', { role: 'offset' });
const size = symbol('priv->size', { control: 'driver', role: 'length' });
const length = ul('shl', pages, 12);
const offset = ul('shl', pgoff, 12);

/** The model, after a check that it is one. */
function modelOf(conditions: readonly Term[], goals: readonly Goal[]): Model {
  const model = searchModel(new Premises(conditions), goals);
  if (typeof model === 'string') throw new Error(`expected a model, found ${model}`);
  for (const condition of conditions) expect(evaluate(condition, model)?.wrapped).toBe(1n);
  for (const goal of goals) expect(evaluate(goal.term, model)?.[goal.arithmetic]).toBe(1n);
  return model;
}

describe('searchModel', () => {
  it('exceeds a buffer that nobody compares with', () => {
    const model = modelOf([], [exact(is('gt', length, size))]);
    expect(model.get('pages')).toBe(17n);
    expect(model.get('priv->size')).toBe(0x10000n);
  });

  it('finds nothing beyond a length check', () => {
    expect(searchModel(new Premises([is('le', length, size)]), [exact(is('gt', length, size))])).toBe('none');
  });

  it('passes a length check with an unchecked offset', () => {
    const model = modelOf([is('le', length, size)], [exact(is('gt', ul('add', offset, length), size))]);
    expect(model.get('vma->vm_pgoff')).toBeGreaterThan(0n);
  });

  it('passes a check of the end by wrap-around', () => {
    const end = ul('add', offset, length);
    const model = modelOf([is('le', end, size)], [exact(is('gt', end, size))]);
    expect(model.get('vma->vm_pgoff')).toBeGreaterThan(1n << 51n);
  });

  it('finds no wrap-around in a check by subtraction', () => {
    const checks = [is('le', offset, size), is('le', length, ul('sub', size, offset)), is('lt', pgoff, 1n << 52n)];
    expect(searchModel(new Premises(checks), [exact(is('gt', ul('add', offset, length), size))])).toBe('none');
  });

  it('passes a narrow type by truncation', () => {
    const narrow = castTerm(length, unsignedLong, unsignedInt);
    const model = modelOf([compare('le', unsignedInt, narrow, constant(0x10000))], [exact(is('gt', length, 0x10000))]);
    expect(model.get('pages')).toBeGreaterThanOrEqual(1n << 20n);
  });

  it('takes the values that equations ask for', () => {
    const magic = symbol('priv->magic', { control: 'driver' });
    const index = ul('shr', pgoff, 8);
    const model = modelOf([is('eq', magic, 0xabcd), is('eq', index, 3)], [wrapped(is('eq', ul('and', pgoff, 0xff), 7))]);
    expect(model.get('vma->vm_pgoff')).toBe(0x307n);
  });

  it('keeps what the driver holds at one size', () => {
    const other = symbol('priv->capacity', { control: 'driver', role: 'length' });
    expect(searchModel(new Premises([is('le', length, size)]), [exact(is('gt', length, other))])).toBe('none');
  });

  it('tries only the values of a domain', () => {
    const flags = symbol('vma->vm_flags');
    const domains = new Map([['vma->vm_flags', [0x51n, 0xfbn]]]);
    expect(searchModel(new Premises([], domains), [wrapped(is('eq', ul('and', flags, 8), 8))])).toEqual(
      new Map([['vma->vm_flags', 0xfbn]]),
    );
    expect(searchModel(new Premises([], new Map([['vma->vm_flags', [0x51n]]])), [wrapped(is('eq', ul('and', flags, 0x28), 0x28))])).toBe(
      'none',
    );
  });

  it('gives up in words when the budget is spent', () => {
    const symbols = Array.from({ length: 6 }, (_, i) => symbol(`s${i}`));
    const product = symbols.reduce((left, right) => ul('mul', left, right));
    expect(searchModel(new Premises([is('eq', product, 0x123456789abcdefn)]), [], 50)).toBe('unknown');
  });
});
