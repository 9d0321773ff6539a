/**
 * Runs a term backwards: which values of one symbol bring the term to (or near) a wanted value, when everything else in
 * it has a value. This is where boundary values come from; the search checks each by evaluation. Knows C arithmetic only.
 */
import type { Term } from '../execution/term.ts';
import { evaluate, type Model, symbolsOf } from '../execution/term-evaluate.ts';

/** More values than this are not followed at any level. */
const mostValues = 16;
const deepest = 40;

/** Values of the symbol `id` for which `constraint` (a comparison, or any term that must not be 0) turns round. */
export function turningPoints(constraint: Term, id: string, model: Model): readonly bigint[] {
  if (constraint.kind !== 'operation' || !constraint.comparand) return invert(constraint, id, [1n, 0n], model, 0);
  const [left, right] = constraint.operands;
  if (!left || !right) return [];
  const inLeft = symbolsOf(left).has(id);
  const inRight = symbolsOf(right).has(id);
  if (inLeft === inRight) return [];
  const other = evaluate(inLeft ? right : left, model);
  if (!other) return [];
  const at = other.wrapped;
  const beyond = other.exact === at ? [] : [other.exact, other.exact + 1n];
  return invert(inLeft ? left : right, id, [at, at + 1n, at - 1n, ...beyond], model, 0);
}

function invert(term: Term, id: string, targets: readonly bigint[], model: Model, depth: number): readonly bigint[] {
  if (depth > deepest || term.kind === 'constant') return [];
  if (term.kind === 'symbol') return term.symbol.id === id ? distinct(targets) : [];
  const at = term.operands.findIndex((operand) => symbolsOf(operand).has(id));
  const operand = term.operands[at];
  if (!operand) return [];
  const before = preimages(term, at, targets, model);
  return before ? invert(operand, id, distinct(before), model, depth + 1) : [];
}

/** What the operand `at` should be for the operation to give one of `targets`. */
function preimages(
  term: Term & { readonly kind: 'operation' },
  at: number,
  targets: readonly bigint[],
  model: Model,
): bigint[] | undefined {
  const round = 1n << BigInt(term.type.bits);
  switch (term.operator) {
    case 'not':
      return targets.map((target) => ~target);
    case 'neg':
      return targets.map((target) => -target);
    case 'cast':
      return [...targets, ...targets.map((target) => target + round)];
  }
  if (term.operator === 'apply') return term.name === 'min' || term.name === 'max' ? [...targets] : undefined;
  const otherTerm = term.operands[1 - at];
  const other = otherTerm && evaluate(otherTerm, model)?.wrapped;
  if (other === undefined) return undefined;
  const first = at === 0;
  switch (term.operator) {
    case 'add':
      return targets.flatMap((target) => wrapped(target - other, target - other + round, round));
    case 'sub':
      return targets.flatMap((target) =>
        first ? wrapped(target + other, target + other, round) : wrapped(other - target, other - target + round, round),
      );
    case 'mul':
      return other === 0n ? undefined : targets.flatMap((target) => [target / other, target / other + 1n, (target + round) / other + 1n]);
    case 'div':
      return first ? targets.flatMap((target) => [target * other, (target + 1n) * other - 1n]) : undefined;
    case 'mod':
      return first ? targets.flatMap((target) => [target, target + other]) : undefined;
    case 'shl':
      if (!first || !isShift(other, term)) return undefined;
      return targets.flatMap((target) => [
        target >> other,
        (target >> other) + 1n,
        (target + round) >> other,
        ((target + round) >> other) + 1n,
      ]);
    case 'shr':
      if (!first || !isShift(other, term)) return undefined;
      return targets.flatMap((target) => [target << other, ((target + 1n) << other) - 1n]);
    case 'and':
      return [...targets, other, other & -other, 0n];
    case 'or':
    case 'xor':
      return targets.flatMap((target) => [target ^ other, target]);
    default:
      return undefined;
  }
}

/** A count that C defines for the type; others give numbers without bound. */
function isShift(count: bigint, term: Term & { readonly kind: 'operation' }): boolean {
  return count >= 0n && count < BigInt(term.type.bits);
}

function wrapped(plain: bigint, around: bigint, round: bigint): readonly bigint[] {
  return plain >= 0n && plain < round ? [plain] : [plain, around];
}

function distinct(values: readonly bigint[]): readonly bigint[] {
  return [...new Set(values)].slice(0, mostValues);
}
