/**
 * Terms as a C author would write them: `(vma->vm_pgoff << PAGE_SHIFT) + size`. For messages and traces; what is printed
 * is not read back. Conversions that cannot change the value are left out.
 */
import type { Term } from './term.ts';
import { fits } from './term-range.ts';

/** C's precedences, higher binds tighter. */
const precedence = { conditional: 1, equality: 6, relational: 7, bit: 3, shift: 8, sum: 9, product: 10, unary: 11, primary: 12 };

const operators: Readonly<Record<string, { readonly text: string; readonly level: number }>> = {
  add: { text: '+', level: precedence.sum },
  sub: { text: '-', level: precedence.sum },
  mul: { text: '*', level: precedence.product },
  div: { text: '/', level: precedence.product },
  mod: { text: '%', level: precedence.product },
  shl: { text: '<<', level: precedence.shift },
  shr: { text: '>>', level: precedence.shift },
  and: { text: '&', level: precedence.bit },
  or: { text: '|', level: precedence.bit },
  xor: { text: '^', level: precedence.bit },
  eq: { text: '==', level: precedence.equality },
  ne: { text: '!=', level: precedence.equality },
  lt: { text: '<', level: precedence.relational },
  le: { text: '<=', level: precedence.relational },
};

/** Names for numbers, such as flags; `beside` is the other operand. */
export type NumberNames = (value: bigint, beside: Term | undefined) => string | undefined;

const pageShift = 12n;
const pageSize = 4096n;
/** Printing stops below this many levels: nobody reads on. */
const deepest = 12;

/** The term in C. `names` may know a number's name; page constants are known. */
export function printTerm(term: Term, names: NumberNames = () => undefined): string {
  return print(term, names, 0, 0);
}

function print(term: Term, names: NumberNames, outer: number, depth: number): string {
  if (depth > deepest) return '…';
  if (term.kind === 'constant') return printNumber(term.value, names(term.value, undefined));
  if (term.kind === 'symbol') return term.symbol.name;
  const [left, right] = term.operands;
  const inner = (operand: Term, level: number): string => print(operand, names, level, depth + 1);
  if (term.operator === 'apply') return `${term.name ?? '?'}(${term.operands.map((operand) => inner(operand, 0)).join(', ')})`;
  if (!left) return '?';
  switch (term.operator) {
    case 'cast':
      if (fits(left, term.type)) return inner(left, outer);
      return parenthesise(`(${typeName(term.type)})${inner(left, precedence.unary)}`, precedence.unary, outer);
    case 'not':
      return parenthesise(`~${inner(left, precedence.unary)}`, precedence.unary, outer);
    case 'neg':
      return parenthesise(`-${inner(left, precedence.unary)}`, precedence.unary, outer);
    case 'lnot':
      return parenthesise(`!${inner(left, precedence.unary)}`, precedence.unary, outer);
  }
  const operator = operators[term.operator];
  if (!operator || !right) return '?';
  // Operands of shifts and bit operators get parentheses even where C needs none.
  const clear = operator.level === precedence.shift || operator.level === precedence.bit;
  const chained = clear && left.kind === 'operation' && left.operator === term.operator && operator.level === precedence.bit;
  const leftText = inner(left, clear && !chained ? precedence.unary : operator.level);
  const joined = (sign: string, rightText: string): string =>
    parenthesise(`${chained ? unwrapped(leftText) : leftText} ${sign} ${rightText}`, operator.level, outer);
  if (right.kind !== 'constant') return joined(operator.text, inner(right, clear ? precedence.unary : operator.level + 1));
  const { value } = right;
  if (value === 0n && term.operator === 'ne') return inner(left, outer);
  if (value === 0n && term.operator === 'eq') return `!${inner(left, precedence.unary)}`;
  const amount = asSubtraction(term, value);
  if (amount !== undefined) return joined('-', printNumber(amount, names(amount, left)));
  return joined(operator.text, printOperand(term, value, names(value, left)));
}

/** `a | b` of `(a | b)`. */
function unwrapped(text: string): string {
  return text.startsWith('(') && text.endsWith(')') ? text.slice(1, -1) : text;
}

function parenthesise(text: string, level: number, outer: number): string {
  const clear = outer === 0 || (level >= outer && level !== precedence.shift && level !== precedence.bit);
  return clear ? text : `(${text})`;
}

/** `x + 0xfffffffffffff000` is `x - 0x1000`. */
function asSubtraction(term: Term & { readonly kind: 'operation' }, value: bigint): bigint | undefined {
  if (term.operator !== 'add') return undefined;
  const signed = BigInt.asIntN(term.type.bits, value);
  return signed < 0n ? -signed : undefined;
}

function printOperand(term: Term & { readonly kind: 'operation' }, value: bigint, name: string | undefined): string {
  if (name) return name;
  if ((term.operator === 'shl' || term.operator === 'shr') && value === pageShift) return 'PAGE_SHIFT';
  if (term.operator === 'and' && term.type.bits > 1) {
    const complement = BigInt.asUintN(term.type.bits, ~value);
    if (complement === pageSize - 1n) return 'PAGE_MASK';
    if (value === pageSize - 1n) return '~PAGE_MASK';
    if (complement < 1n << BigInt(term.type.bits / 2)) return `~${printNumber(complement, undefined)}`;
  }
  return printNumber(value, undefined);
}

function printNumber(value: bigint, name: string | undefined): string {
  if (name) return name;
  if (value === pageSize) return 'PAGE_SIZE';
  if (value < 0n) return `-${printNumber(-value, undefined)}`;
  return value < 1024n ? value.toString() : `0x${value.toString(16)}`;
}

function typeName(type: { readonly name?: string; readonly bits: number; readonly signed: boolean }): string {
  return type.name ?? `${type.signed ? 's' : 'u'}${type.bits}`;
}
