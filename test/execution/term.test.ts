/** Terms: what building simplifies, that it is sound, what is known of values, how terms print. */
import { describe, expect, it } from 'vitest';
import { type IntegerType, int, unsignedInt, unsignedLong, wrap } from '../../server/src/execution/ctype.ts';
import { constant, type SymbolInfo, type Term } from '../../server/src/execution/term.ts';
import { type ArithmeticOperator, apply, binary, castTerm, compare, lnot, truth, unary } from '../../server/src/execution/term-build.ts';
import { evaluate, symbolsOf } from '../../server/src/execution/term-evaluate.ts';
import { foldBinary } from '../../server/src/execution/term-fold.ts';
import { sameTerm, termKey } from '../../server/src/execution/term-key.ts';
import { printTerm } from '../../server/src/execution/term-print.ts';
import { knownBits, rangeOf } from '../../server/src/execution/term-range.ts';

function symbol(name: string, type: IntegerType = unsignedLong, facts: Partial<SymbolInfo> = {}): Term {
  return { kind: 'symbol', symbol: { id: name, name, type, control: 'user', role: 'unknown', ...facts } };
}

const ul = (operator: ArithmeticOperator, left: Term, right: Term | number | bigint): Term =>
  binary(operator, unsignedLong, left, typeof right === 'object' ? right : constant(right));
const x = symbol('x');
const y = symbol('y');
const pages = symbol('pages', unsignedLong, { min: 1n, max: (1n << 35n) - 1n });
const start = symbol('vma->vm_start', unsignedLong, { zeroBits: 0xfffn, max: (1n << 47n) - 1n });

describe('binary', () => {
  it('folds constants with the wrap-around of the type', () => {
    expect(ul('add', constant((1n << 64n) - 1n), 1)).toEqual(constant(0));
    expect(binary('sub', int, constant(-(1n << 31n)), constant(1))).toEqual(constant((1n << 31n) - 1n));
    expect(binary('shl', unsignedInt, constant(1), constant(31))).toEqual(constant(1n << 31n));
    expect(ul('div', constant(7), 2)).toEqual(constant(3));
  });

  it('gives an unknown value where C leaves it undefined', () => {
    expect(ul('div', constant(1), 0).kind).toBe('symbol');
    expect(ul('shl', x, 64).kind).toBe('symbol');
  });

  it('drops neutral elements', () => {
    expect(ul('add', x, 0)).toBe(x);
    expect(ul('mul', x, 1)).toBe(x);
    expect(ul('mul', constant(0), x)).toEqual(constant(0));
    expect(ul('and', x, (1n << 64n) - 1n)).toBe(x);
    expect(ul('or', x, 0)).toBe(x);
    expect(ul('xor', x, x)).toEqual(constant(0));
  });

  it('joins like addends', () => {
    expect(ul('sub', ul('add', x, y), x)).toEqual(y);
    expect(ul('sub', x, ul('sub', x, y))).toEqual(y);
    expect(printTerm(ul('add', ul('add', x, 4), 8))).toBe('x + 12');
    expect(printTerm(ul('sub', ul('add', x, 4), 8))).toBe('x - 4');
    expect(ul('sub', x, x)).toEqual(constant(0));
  });

  it('leaves a sum in which nothing meets as it was written', () => {
    expect(printTerm(ul('sub', y, x))).toBe('y - x');
    expect(printTerm(ul('add', y, x))).toBe('y + x');
  });

  it('finds the length of a vma', () => {
    const length = ul('sub', ul('add', start, ul('shl', pages, 12)), start);
    expect(printTerm(length)).toBe('pages << PAGE_SHIFT');
    expect(ul('shr', length, 12)).toBe(pages);
    expect(ul('shr', ul('add', length, 4095), 12)).toBe(pages);
    expect(sameTerm(ul('and', ul('add', length, 4095), ~0xfffn & ((1n << 64n) - 1n)), length)).toBe(true);
  });

  it('keeps a shift that may lose bits', () => {
    expect(printTerm(ul('shr', ul('shl', x, 12), 12))).toBe('(x << PAGE_SHIFT) >> PAGE_SHIFT');
  });

  it('decides bits of flags that were set or cleared', () => {
    const set = ul('or', x, 0x404n);
    expect(ul('and', set, 0x400n)).toEqual(constant(0x400));
    const cleared = ul('and', ul('or', x, 0x20n), BigInt.asUintN(64, ~0x20n));
    expect(ul('and', cleared, 0x20n)).toEqual(constant(0));
    expect(printTerm(ul('and', set, 0x8n))).toBe('x & 8');
  });
});

describe('castTerm', () => {
  it('goes straight to what a cast of a cast keeps', () => {
    const narrow = castTerm(x, unsignedLong, unsignedInt);
    expect(sameTerm(castTerm(castTerm(narrow, unsignedInt, unsignedLong), unsignedLong, unsignedInt), narrow)).toBe(true);
    expect(printTerm(castTerm(narrow, unsignedInt, unsignedLong))).toBe('(unsigned int)x');
  });

  it('keeps the sign in mind', () => {
    const n = symbol('n', int);
    const wide = castTerm(n, int, unsignedLong);
    expect(evaluate(wide, new Map([['n', -1n]]))?.wrapped).toBe((1n << 64n) - 1n);
    expect(evaluate(wide, new Map([['n', -1n]]))?.exact).toBe(-1n);
  });
});

describe('compare', () => {
  it('decides what symbols cannot change', () => {
    expect(compare('le', unsignedLong, x, x)).toEqual(constant(1));
    expect(compare('lt', unsignedLong, x, constant(0))).toEqual(constant(0));
    expect(compare('eq', unsignedLong, ul('or', x, 1), constant(2))).toEqual(constant(0));
    expect(compare('lt', unsignedLong, pages, constant(1))).toEqual(constant(0));
  });

  it('has one shape for each question', () => {
    const asked = compare('gt', unsignedLong, x, y);
    expect(sameTerm(asked, compare('lt', unsignedLong, y, x))).toBe(true);
    expect(sameTerm(lnot(lnot(asked)), asked)).toBe(true);
    expect(sameTerm(lnot(asked), compare('le', unsignedLong, x, y))).toBe(true);
    expect(sameTerm(compare('ne', int, asked, constant(0)), asked)).toBe(true);
    expect(sameTerm(truth(x), compare('lt', unsignedLong, constant(0), x))).toBe(true);
    expect(sameTerm(compare('eq', unsignedLong, x, y), compare('eq', unsignedLong, y, x))).toBe(true);
    expect(sameTerm(compare('eq', unsignedLong, ul('sub', x, y), constant(0)), compare('eq', unsignedLong, x, y))).toBe(true);
  });
});

describe('evaluate', () => {
  it('tells wrapped from true arithmetic', () => {
    const end = ul('add', ul('shl', x, 12), y);
    const value = evaluate(
      end,
      new Map([
        ['x', 1n << 52n],
        ['y', 4096n],
      ]),
    );
    expect(value).toMatchObject({ wrapped: 4096n, exact: (1n << 64n) + 4096n });
    expect(value?.overflow && printTerm(value.overflow)).toBe('x << PAGE_SHIFT');
  });

  it('does not call a detour an overflow', () => {
    const value = evaluate(
      ul('sub', ul('add', x, 8), y),
      new Map([
        ['x', (1n << 64n) - 4n],
        ['y', 16n],
      ]),
    );
    expect(value).toEqual({ wrapped: (1n << 64n) - 12n, exact: (1n << 64n) - 12n });
  });

  it('rounds numbers of any size down to pages', () => {
    const aligned = ul('and', ul('add', x, 4095), BigInt.asUintN(64, ~4095n));
    expect(evaluate(aligned, new Map([['x', (1n << 64n) - 1n]]))).toMatchObject({ wrapped: 0n, exact: 1n << 64n });
  });

  it('computes the functions it knows and takes the others from the model', () => {
    expect(evaluate(apply('get_order', int, [x]), new Map([['x', 8193n]]))?.wrapped).toBe(2n);
    const address = apply('virt_to_phys', unsignedLong, [x]);
    expect([...symbolsOf(address).values()].map(({ name }) => name)).toEqual(['virt_to_phys(x)']);
    expect(evaluate(address, new Map([[termKey(address), 0x1000n]]))?.wrapped).toBe(0x1000n);
  });

  it('has no value without its symbols', () => {
    expect(evaluate(x, new Map())).toBeUndefined();
    expect(
      evaluate(
        ul('div', x, y),
        new Map([
          ['x', 1n],
          ['y', 0n],
        ]),
      ),
    ).toBeUndefined();
  });
});

describe('known ranges and bits', () => {
  it('follow arithmetic', () => {
    expect(rangeOf(ul('shl', pages, 12))).toMatchObject({ min: 4096n, max: ((1n << 35n) - 1n) << 12n });
    expect(rangeOf(ul('and', x, 0xff))).toMatchObject({ min: 0n, max: 255n });
    expect(knownBits(ul('add', start, ul('shl', pages, 12))).zeros & 0xfffn).toBe(0xfffn);
  });
});

describe('keys', () => {
  it('stay small for terms that share their parts', () => {
    let term: Term = x;
    for (let i = 0; i < 90; i++) term = ul('xor', ul('mul', term, term), y);
    expect(termKey(term).length).toBeLessThan(200);
    expect(
      evaluate(
        term,
        new Map([
          ['x', 3n],
          ['y', 5n],
        ]),
      ),
    ).toBeDefined();
  });

  it('bound how deep a term can get', () => {
    let term: Term = x;
    for (let i = 0; i < 5000; i++) term = ul('xor', ul('mul', term, y), y);
    expect(printTerm(term)).toContain('…');
  });
});

describe('random programs', () => {
  const types: readonly IntegerType[] = [
    int,
    unsignedInt,
    unsignedLong,
    { kind: 'integer', bits: 64, signed: true },
    { kind: 'integer', bits: 16, signed: false },
  ];
  const operators: readonly ArithmeticOperator[] = ['add', 'sub', 'mul', 'and', 'or', 'xor', 'shl', 'shr', 'div', 'mod'];
  const interesting = [
    0n,
    1n,
    2n,
    3n,
    12n,
    31n,
    4095n,
    4096n,
    0xfffff000n,
    (1n << 31n) - 1n,
    1n << 31n,
    (1n << 63n) - 1n,
    1n << 63n,
    -1n,
    -4096n,
  ];

  /** A small linear congruential generator: the same programs on every run. */
  function generator(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
  }

  it('compute the same with and without simplification', () => {
    let compared = 0;
    for (let seed = 1; seed <= 4000; seed++) {
      const next = generator(seed);
      const pick = <T>(values: readonly T[]): T => values[next(values.length)] as T;
      const type = pick(types);
      const model = new Map([
        ['a', wrap(type, pick(interesting))],
        ['b', wrap(type, pick(interesting))],
      ]);
      const make = (depth: number): { term: Term; value: bigint | undefined } => {
        if (depth === 0 || next(5) === 0) {
          if (next(3) === 0) {
            const value = wrap(type, pick(interesting));
            return { term: constant(value), value };
          }
          const name = pick(['a', 'b']);
          return { term: symbol(name, type), value: model.get(name) };
        }
        const left = make(depth - 1);
        if (next(8) === 0) {
          const operator = pick(['not', 'neg'] as const);
          return {
            term: unary(operator, type, left.term),
            value: left.value === undefined ? undefined : wrap(type, operator === 'not' ? ~left.value : -left.value),
          };
        }
        if (next(8) === 0) {
          const through = pick(types);
          const term = castTerm(castTerm(left.term, type, through), through, type);
          return { term, value: left.value === undefined ? undefined : wrap(type, wrap(through, left.value)) };
        }
        const operator = pick(operators);
        const right = operator === 'shl' || operator === 'shr' ? { term: constant(next(type.bits)), value: 0n } : make(depth - 1);
        if (right.term.kind === 'constant') right.value = right.term.value;
        const folded =
          left.value === undefined || right.value === undefined ? undefined : foldBinary(operator, type, left.value, right.value);
        return { term: binary(operator, type, left.term, right.term), value: folded === undefined ? undefined : wrap(type, folded) };
      };
      const left = make(4);
      const right = make(3);
      if (left.value === undefined || right.value === undefined) continue;
      compared++;
      expect(evaluate(left.term, model)?.wrapped, `seed ${seed}: ${printTerm(left.term)}`).toBe(left.value);
      const range = rangeOf(left.term);
      expect(left.value >= range.min && left.value <= range.max, `seed ${seed}: range of ${printTerm(left.term)}`).toBe(true);
      const { zeros, ones } = knownBits(left.term);
      const bits = BigInt.asUintN(type.bits, left.value);
      expect([bits & zeros, ones & ((1n << BigInt(type.bits)) - 1n) & ~bits], `seed ${seed}: bits of ${printTerm(left.term)}`).toEqual([
        0n,
        0n,
      ]);
      for (const [operator, holds] of [
        ['lt', left.value < right.value],
        ['eq', left.value === right.value],
        ['le', left.value <= right.value],
      ] as const) {
        const asked = compare(operator, type, left.term, right.term);
        expect(evaluate(asked, model)?.wrapped, `seed ${seed}: ${printTerm(asked)}`).toBe(holds ? 1n : 0n);
        expect(evaluate(lnot(asked), model)?.wrapped, `seed ${seed}: not ${printTerm(asked)}`).toBe(holds ? 0n : 1n);
      }
    }
    expect(compared).toBeGreaterThan(2000);
  });
});

describe('printTerm', () => {
  it('writes what a C author writes', () => {
    const offset = ul('shl', symbol('vma->vm_pgoff'), 12);
    const sized = compare('gt', unsignedLong, ul('add', offset, ul('shl', pages, 12)), symbol('priv->size'));
    expect(printTerm(sized)).toBe('priv->size < (vma->vm_pgoff << PAGE_SHIFT) + (pages << PAGE_SHIFT)');
    expect(printTerm(lnot(truth(ul('and', x, 8))))).toBe('!(x & 8)');
    expect(printTerm(ul('and', x, BigInt.asUintN(64, ~4095n)))).toBe('x & PAGE_MASK');
    expect(printTerm(ul('mul', ul('add', x, y), symbol('z')))).toBe('(x + y) * z');
    expect(printTerm(ul('sub', x, ul('sub', y, symbol('z'))))).toBe('x - (y - z)');
    expect(printTerm(unary('not', unsignedLong, x))).toBe('~x');
  });
});
