/** `remap-error-continue`: a mapping call has failed, the driver knows it, and returns 0. */
import type { Driver } from '../driver/model.ts';
import type { Expression, Span, Statement } from '../syntax/ast.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { noFix, replacing, statementAround } from './support/fixes/fixes.ts';
import { functionOf, oncePerPlace, type PathCall } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';
import { lostErrors } from './support/results/lost-errors.ts';
import { usesOf, valuesOf } from './support/text/uses.ts';

export const remapErrorContinue: Rule = {
  name: 'remap-error-continue',
  severity: 'error',
  summary: 'A mapping call has failed, and the handler reports success.',
  check(context) {
    return oncePerPlace(lostErrors(context, true), (call): Report => {
      const { name, nameSpan } = call.event;
      return reportOn(
        call,
        nameSpan,
        `When \`${name}()\` fails, a path through the handler still returns 0: the vma stays with holes, or half mapped, and the program believes that it has its memory. Return the error.`,
        { fixes: returningIt(context.driver, call) },
      );
    });
  },
};

/** Where a variable holds the result, or 0, and nothing else: returns it in the place of the 0 at the end of the function. */
function returningIt(driver: Driver, { event }: PathCall): readonly ReportFix[] {
  const uses = usesOf(driver, functionOf(event));
  const last = uses?.function.body.statements.at(-1);
  const at = uses && statementAround(driver, { file: event.file, span: event.nameSpan })?.statement;
  const name = at && holderOf(at, event.nameSpan);
  if (!uses || name === undefined || last?.kind !== 'return' || last.value?.kind !== 'number' || last.value.value !== 0n) return noFix;
  const isResult = (value: Expression): boolean =>
    (value.kind === 'number' && value.value === 0n) || (value.kind === 'call' && value.span.start === event.nameSpan.start);
  if (!valuesOf(uses, name).every(isResult)) return noFix;
  const title = `Return ${name} (check what has to be undone)`;
  return replacing({ file: uses.file, span: last.value.span }, name, { title, safe: false });
}

/** The variable that the statement sets to what the call returns. */
function holderOf(statement: Statement, { start }: Span): string | undefined {
  if (statement.kind === 'expression') {
    const { expression: each } = statement;
    return each.kind === 'assignment' && each.target.kind === 'name' && each.value.span.start === start ? each.target.name : undefined;
  }
  if (statement.kind !== 'declaration') return undefined;
  return statement.declarators.find(({ initializer }) => initializer?.span.start === start)?.name;
}
