/** `mmap-ignored-return`: nobody looks at the result of a mapping call. */
import type { Driver } from '../driver/model.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { fixOf, noFix, statementAround, wholeLines } from './support/fixes/fixes.ts';
import { oncePerPlace, type PathCall } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';
import { lostErrors, lostFaultErrors } from './support/results/lost-errors.ts';

export const mmapIgnoredReturn: Rule = {
  name: 'mmap-ignored-return',
  severity: 'error',
  summary: 'The result of a mapping call is not looked at, and the handler reports success.',
  check(context) {
    const ofMmap = oncePerPlace(lostErrors(context, false), (call): Report => {
      const { name, nameSpan } = call.event;
      return reportOn(
        call,
        nameSpan,
        `\`${name}()\` can fail, and the handler returns 0 all the same: the program gets a mapping with holes and is killed when it touches one. Return the error.`,
        { fixes: returningIt(context.driver, call) },
      );
    });
    const ofFaults = oncePerPlace(lostFaultErrors(context), (call): Report => {
      const { name, nameSpan } = call.event;
      const message = `\`${name}()\` can fail, and the handler answers the fault all the same: nothing is mapped, the program touches the page again, and faults without end. Return an error of the call as VM_FAULT_ bits.`;
      return reportOn(call, nameSpan, message);
    });
    return [...ofMmap, ...ofFaults];
  },
};

/** Returns what the call returns, where the next statement returns success. */
function returningIt(driver: Driver, { event: { file, span, nameSpan } }: PathCall): readonly ReportFix[] {
  const at = statementAround(driver, { file, span: nameSpan });
  const next = at?.after;
  const isSuccess = next?.kind === 'return' && next.value?.kind === 'number' && next.value.value === 0n;
  if (!at || !next || !isSuccess || at.statement.kind !== 'expression' || at.statement.expression.kind !== 'call') return noFix;
  if (at.statement.span.start !== nameSpan.start || span.start !== nameSpan.start) return noFix;
  return fixOf({ title: 'Return what the call returns' }, [
    { file, span: { start: nameSpan.start, end: nameSpan.start }, newText: 'return ' },
    { file, span: wholeLines(driver, { file, span: next.span }), newText: '' },
  ]);
}
