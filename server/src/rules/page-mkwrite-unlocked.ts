/** `page-mkwrite-unlocked`: page_mkwrite returns 0 for a page that belongs to no file. */

import type { Driver } from '../driver/model.ts';
import { constantOf } from '../execution/term.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { fixOf, insertingBefore, noFix, statementAround } from './support/fixes/fixes.ts';
import { reportIn } from './support/reports.ts';
import { returnedTerm } from './support/results/outcomes.ts';
import { returnedValues } from './support/results/returns.ts';
import { type FunctionUses, usesOf } from './support/text/uses.ts';

export const pageMkwriteUnlocked: Rule = {
  name: 'page-mkwrite-unlocked',
  severity: 'warning',
  summary: 'page_mkwrite returns 0 for pages of a driver, and the kernel tries the write again and again.',
  provedBy: ['endless-fault'],
  versions: { since: { major: 2, minor: 6, patch: 30 } },
  check({ driver, entries }) {
    // Pages that are given a mapping, as deferred frame buffers do, pass the kernel's test.
    if (driver.text.mentions(/(?:->|\.)mapping\s*=(?!=)/)) return [];
    return entries.flatMap((entry): Report[] => {
      const { handler } = entry.entry;
      const uses = handler?.kind === 'page_mkwrite' && handler.defined ? usesOf(driver, handler.function) : undefined;
      const zeroPath = entry.paths.some((path) => {
        const term = returnedTerm(path);
        return term !== undefined && constantOf(term) === 0n && path.doubts.length === 0;
      });
      if (!handler || !uses || !zeroPath) return [];
      const zero = returnedValues(driver, handler.function).find((value) => value.kind === 'number' && value.value === 0n);
      const message = `After 0 the kernel locks the page and looks whether it still belongs to its file; a driver's page belongs to none, so the write is tried again without end. Lock the page and return VM_FAULT_LOCKED.`;
      return [reportIn(uses, zero?.span ?? handler.nameSpan, message, { handler, fixes: zero ? lockingFirst(driver, uses, zero) : noFix })];
    });
  },
};

/** Locks the page of the fault and says so, where the handler returns 0 in a statement of its own. */
function lockingFirst(driver: Driver, uses: FunctionUses, { span }: Expression): readonly ReportFix[] {
  const { file } = uses;
  const vmf = uses.function.parameters.find(
    ({ type }) => type.kind === 'pointer' && type.to.kind === 'tagged' && type.to.name === 'vm_fault',
  );
  const title = 'Lock the page and return VM_FAULT_LOCKED';
  const [before] = vmf?.name === undefined ? [] : insertingBefore(driver, { file, span }, [`lock_page(${vmf.name}->page);`], { title });
  const isReturn = statementAround(driver, { file, span })?.statement.kind === 'return';
  const isLocked = uses.called.some((name) => /lock_page/.test(name));
  return before && isReturn && !isLocked ? fixOf({ title }, [...before.edits, { file, span, newText: 'VM_FAULT_LOCKED' }]) : noFix;
}
