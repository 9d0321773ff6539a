/**
 * Sums and differences: `(a + b) - a` is `b` and `(x + 4) + 8` is `x + 12`, in wrapped arithmetic as in true arithmetic.
 * A sum in which nothing meets is left as the author wrote it.
 */
import { type IntegerType, wrap } from './ctype.ts';
import { constant, constantOf, type Term, type TermOperator } from './term.ts';
import { termKey } from './term-key.ts';

/** More addends than this are not looked through. */
const mostAddends = 24;

interface Sum {
  /** By key, in the order of the text. */
  readonly addends: Map<string, { readonly term: Term; count: bigint }>;
  known: bigint;
  parts: number;
}

/** The sum or difference with like parts joined, or `undefined` when no two parts are alike. */
export function linearDifference(
  operator: 'add' | 'sub',
  type: IntegerType,
  left: Term,
  right: Term,
  build: (operator: TermOperator, type: IntegerType, operands: readonly Term[]) => Term,
): Term | undefined {
  const sum: Sum = { addends: new Map(), known: 0n, parts: 0 };
  collect(sum, type, left, 1n);
  const constants = constantOf(right) === undefined ? 0 : 1;
  collect(sum, type, right, operator === 'add' ? 1n : -1n);
  const met = sum.addends.size + (sum.known === 0n ? 0 : 1) < sum.parts;
  if (sum.parts > mostAddends || !met) return undefined;
  const counts = [...sum.addends.values()].filter((addend) => addend.count !== 0n);
  if (counts.some((addend) => addend.count !== 1n && addend.count !== -1n) && constants === 0) return undefined;
  return rebuild(type, counts, wrap(type, sum.known), build);
}

function collect(sum: Sum, type: IntegerType, term: Term, sign: bigint): void {
  if (sum.parts > mostAddends) return;
  if (term.kind === 'constant') {
    sum.known += sign * term.value;
    sum.parts++;
    return;
  }
  if (term.kind === 'operation' && term.type.bits === type.bits && term.type.signed === type.signed) {
    const [first, second] = term.operands;
    if (first && second && (term.operator === 'add' || term.operator === 'sub')) {
      collect(sum, type, first, sign);
      collect(sum, type, second, term.operator === 'add' ? sign : -sign);
      return;
    }
    if (first && term.operator === 'neg') {
      collect(sum, type, first, -sign);
      return;
    }
  }
  const key = termKey(term);
  const addend = sum.addends.get(key);
  if (addend) addend.count += sign;
  else sum.addends.set(key, { term, count: sign });
  sum.parts++;
}

function rebuild(
  type: IntegerType,
  addends: readonly { readonly term: Term; readonly count: bigint }[],
  known: bigint,
  build: (operator: TermOperator, type: IntegerType, operands: readonly Term[]) => Term,
): Term {
  const scaled = ({ term, count }: { readonly term: Term; readonly count: bigint }): Term => {
    const size = count < 0n ? -count : count;
    return size === 1n ? term : build('mul', type, [term, constant(size)]);
  };
  const plus = addends.filter((addend) => addend.count > 0n).map(scaled);
  const minus = addends.filter((addend) => addend.count < 0n).map(scaled);
  const [firstPlus, ...otherPlus] = plus;
  let result: Term = firstPlus ?? constant(0);
  for (const term of otherPlus) result = build('add', type, [result, term]);
  if (!firstPlus && minus.length === 0) return constant(known);
  if (!firstPlus && known !== 0n) {
    result = constant(known);
    known = 0n;
  }
  for (const term of minus) {
    const none = result.kind === 'constant' && result.value === 0n;
    result = none ? build('neg', type, [term]) : build('sub', type, [result, term]);
  }
  return known === 0n ? result : build('add', type, [result, constant(known)]);
}
