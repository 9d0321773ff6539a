/** Quick fixes that change the order of two statements of a block. Knows C as it is written, and no rule. */
import type { Driver } from '../../../driver/model.ts';
import type { Place, ReportFix } from '../../rule.ts';
import { type FixName, fixOf, insertingBefore, noFix, statementAround, textAt, wholeLines } from './fixes.ts';

/** The statement around `late` goes before the one around `early`, when both stand in one block, with a test of its result between them at most. */
export function movingBefore(driver: Driver, { file, span }: Place, early: Place, name: FixName): readonly ReportFix[] {
  const moved = statementAround(driver, { file, span });
  const first = statementAround(driver, early);
  if (!moved || !first || file !== early.file || moved.statement.kind !== 'expression') return noFix;
  const between = moved.before?.span.start;
  if (between !== first.statement.span.start && (between !== first.after?.span.start || moved.before?.kind !== 'if')) return noFix;
  const [before] = insertingBefore(driver, early, [textAt(driver, { file, span: moved.statement.span })], name);
  if (!before) return noFix;
  return fixOf(name, [...before.edits, { file, span: wholeLines(driver, { file, span: moved.statement.span }), newText: '' }]);
}
