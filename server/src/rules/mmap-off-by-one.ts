/** `mmap-off-by-one`: an offset that is the number of pages itself, one more than the last, passes the check. */

import { indexesRead } from '../analysis/indexes.ts';
import type { Condition } from '../analysis/path.ts';
import * as query from '../analysis/query.ts';
import type { Driver } from '../driver/model.ts';
import { unsignedLong } from '../execution/ctype.ts';
import { constant, constantOf, type Term } from '../execution/term.ts';
import { compare } from '../execution/term-build.ts';
import { symbolsOf } from '../execution/term-evaluate.ts';
import { sameTerm } from '../execution/term-key.ts';
import { printTerm } from '../execution/term-print.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { choicesOf } from './support/bounds/choices.ts';
import { trueModel } from './support/bounds/true-model.ts';
import { mayBeCheckedBefore } from './support/checked.ts';
import { expressionAt, noFix, replacing, textAt } from './support/fixes/fixes.ts';
import { isJudged, type Moment } from './support/questions.ts';
import { witnessOf } from './support/witness.ts';

export const mmapOffByOne: Rule = {
  name: 'mmap-off-by-one',
  severity: 'warning',
  summary: 'A check lets the offset through that lies one page behind the end of the buffer.',
  provedBy: ['foreign-memory', 'oops'],
  check({ driver, entries }) {
    const { version } = driver.target;
    const reports = new Map<number, Report>();
    for (const entry of entries) {
      const { handler } = entry.entry;
      const offset = (entry.symbols.faultPgoff ?? entry.symbols.pgoff)?.term;
      if (!handler || !offset || (handler.kind !== 'mmap' && handler.kind !== 'fault')) continue;
      if (handler.kind === 'mmap' && mayBeCheckedBefore(driver, handler)) continue;
      for (const path of entry.paths) {
        for (const event of path.events) {
          const moment: Moment = { entry, path, event };
          const choices = choicesOf(event, version);
          const elements = indexesRead(...choices).filter((term) => dependsOn(term, offset));
          const chosen = choices.filter((term) => dependsOn(term, offset));
          if (chosen.length + elements.length === 0 || !isJudged(path, event)) continue;
          // In a fault handler the number of an element may be compared as it is: the page in the vma counts from 0 too.
          const numbers = handler.kind === 'fault' ? [...chosen, ...elements] : elements;
          const found = loose(moment, [offset, ...numbers.map(asCompared)]);
          if (!found || reports.has(found.condition.span.start)) continue;
          const { condition, offset: compared, bound, model } = found;
          const isElement = elements.map(asCompared).some((number) => sameTerm(number, compared));
          reports.set(condition.span.start, {
            file: condition.file,
            span: condition.span,
            function: condition.function,
            handler,
            message: isElement
              ? `A number of exactly \`${printTerm(bound)}\` passes, and elements count from 0: a program has the driver read the element behind the last one of its table. Compare with >=.`
              : `An offset of exactly \`${printTerm(bound)}\` passes, and what lies there is the first page behind the buffer. Compare with >= and, in an mmap handler, the length with what is left behind the offset.`,
            related: [{ file: event.file, span: event.span, message: 'The offset chooses what is mapped here.' }],
            fixes: comparingStrictly(driver, condition),
            witness: witnessOf(moment, model),
          });
        }
      }
    }
    return [...reports.values()];
  },
};

/** A condition `offset <= bound` that the offset `bound` itself passes, up to the event. */
function loose(
  moment: Moment,
  offsets: readonly Term[],
): { condition: Condition; offset: Term; bound: Term; model: query.Model } | undefined {
  const { path, event } = moment;
  for (const condition of path.conditions.slice(0, event.after)) {
    for (const offset of offsets) {
      const bound = boundOf(condition.term, offset);
      if (!bound) continue;
      const model = trueModel(moment, [
        query.really(compare('eq', unsignedLong, offset, bound)),
        query.really(query.lessThan(constant(0), bound)),
      ]);
      if (model) return { condition, offset, bound, model };
    }
  }
  return undefined;
}

/** The number of an element without the cast that it is counted with. */
function asCompared(index: Term): Term {
  const [inner] = index.kind === 'operation' && index.operator === 'cast' ? index.operands : [];
  return inner ?? index;
}

/** What a number of pages is compared with in `offset <= bound`, where that is a count and no last index. */
function boundOf(term: Term, offset: Term): Term | undefined {
  if (term.kind !== 'operation' || term.operator !== 'le') return undefined;
  const [left, right] = term.operands;
  if (!left || !right || !sameTerm(left, offset)) return undefined;
  return isCount(right) ? right : undefined;
}

/** `n`, `size >> PAGE_SHIFT`, `ARRAY_SIZE(pages)`; not `n - 1`, nor a mask. */
function isCount(term: Term): boolean {
  const number = constantOf(term);
  if (number !== undefined) return number > 1n && (number & (number + 1n)) !== 0n;
  const symbols = [...symbolsOf(term).values()];
  if (symbols.length === 0 || symbols.some(({ control, name }) => control === 'user' || /last|max|end|top|idx|index|mask/i.test(name)))
    return false;
  if (term.kind === 'symbol') return term.symbol.role === 'count' || term.symbol.role === 'length';
  if (term.kind !== 'operation') return false;
  if (term.operator === 'cast') return term.operands.every(isCount);
  const [, by] = term.operands;
  return (term.operator === 'shr' || term.operator === 'div') && by !== undefined && constantOf(by) !== undefined;
}

function dependsOn(term: Term, offset: Term): boolean {
  const own = symbolsOf(term);
  return [...symbolsOf(offset).keys()].some((id) => own.has(id));
}

/** The comparison that lets one offset too many pass, and the one that does not, whichever side the offset stands on. */
const stricter: Readonly<Record<string, string>> = { '>': '>=', '<=': '<', '<': '<=', '>=': '>' };

function comparingStrictly(driver: Driver, { file, span }: Condition): readonly ReportFix[] {
  const comparison = expressionAt(driver, { file, span });
  const newText = comparison?.kind === 'binary' ? stricter[comparison.operator] : undefined;
  if (comparison?.kind !== 'binary' || newText === undefined) return noFix;
  const { operator, left, right } = comparison;
  const between = textAt(driver, { file, span: { start: left.span.end, end: right.span.start } });
  const start = left.span.end + between.indexOf(operator);
  return between.includes(operator)
    ? replacing({ file, span: { start, end: start + operator.length } }, newText, { title: `Compare with ${newText}` })
    : noFix;
}
