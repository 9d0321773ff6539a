/** `insert-pages-num`: the number that vm_insert_pages() leaves, of pages that are not mapped, is taken for those that are. */
import type { Expression } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { reportIn } from './support/reports.ts';
import { usesIn } from './support/text/uses.ts';

export const insertPagesNum: Rule = {
  name: 'insert-pages-num',
  severity: 'warning',
  summary: 'The count that vm_insert_pages() overwrites is used as the number of pages that it has mapped.',
  versions: { since: { major: 5, minor: 7, patch: 0 } },
  check({ driver }) {
    return usesIn(driver, /\bvm_insert_pages\b/).flatMap((uses) => {
      const reports: Report[] = [];
      for (const call of uses.expressions) {
        if (call.kind !== 'call' || call.callee.kind !== 'name' || call.callee.name !== 'vm_insert_pages') continue;
        const [, , , count] = call.arguments;
        const name = count?.kind === 'addressOf' && count.operand.kind === 'name' ? count.operand.name : undefined;
        if (name === undefined) continue;
        const later = uses.expressions.filter((each) => each.span.start >= call.span.end);
        const until = later.find((each) => each.kind === 'assignment' && each.operator === '=' && isName(each.target, name))?.span.start;
        const wrong = later.find((each) => (until === undefined || each.span.start < until) && takesAsMapped(each, name));
        if (!wrong) continue;
        const message = `vm_insert_pages() has overwritten \`${name}\` with the number of pages that are not mapped, 0 when all are, and here it counts as the number that is. Keep the number in a second variable, and subtract what is left.`;
        const related = [{ file: uses.file, span: call.span, message: 'The call overwrites the count.' }];
        reports.push(reportIn(uses, wrong.span, message, { related }));
      }
      return reports;
    });
  },
};

/** The count, or the bytes that it stands for, is added to a count, an index or an address: as the number of pages that are mapped. */
function takesAsMapped(expression: Expression, name: string): boolean {
  if (expression.kind !== 'assignment' || expression.operator !== '+=') return false;
  const { value } = expression;
  if (value.kind !== 'binary') return isName(value, name);
  return (value.operator === '*' || value.operator === '<<') && (isName(value.left, name) || isName(value.right, name));
}

function isName(expression: Expression, name: string): boolean {
  return expression.kind === 'name' && expression.name === name;
}
