/** Comparisons of a number of pieces with the size of a piece: a quotient is held against its own divisor. */
import type { Condition } from '../../../analysis/path.ts';
import { constantOf, type Term } from '../../../execution/term.ts';
import { symbolsOf } from '../../../execution/term-evaluate.ts';
import { termKey } from '../../../execution/term-key.ts';

/** Whether the condition bounds pieces of what `symbol` says by the size of one: `size / piece < piece`. */
export function boundsPiecesBySize({ term }: Condition, symbol: Term): boolean {
  if (term.kind !== 'operation' || (term.operator !== 'lt' && term.operator !== 'le')) return false;
  const [pieces, bound] = term.operands;
  if (!pieces || !bound || constantOf(bound) !== undefined) return false;
  const key = termKey(withoutCasts(bound));
  return isQuotientBy(pieces, key, symbol);
}

function isQuotientBy(term: Term, divisor: string, symbol: Term): boolean {
  if (term.kind !== 'operation') return false;
  const [left, right] = term.operands;
  if (term.operator === 'div' && left && right && termKey(withoutCasts(right)) === divisor) return dependsOn(left, symbol);
  if (term.operator === 'add' || term.operator === 'sub' || term.operator === 'cast') {
    return term.operands.some((each) => isQuotientBy(each, divisor, symbol));
  }
  return false;
}

function dependsOn(term: Term, symbol: Term): boolean {
  const own = symbolsOf(term);
  return [...symbolsOf(symbol).keys()].some((id) => own.has(id));
}

function withoutCasts(term: Term): Term {
  const [inner] = term.kind === 'operation' && term.operator === 'cast' ? term.operands : [];
  return inner ? withoutCasts(inner) : term;
}
