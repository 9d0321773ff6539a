/** `mmap-eagain`: whatever a mapping call says is told to the program as EAGAIN. */
import type { Driver } from '../driver/model.ts';
import type { Expression, Statement } from '../syntax/ast.ts';
import { walkBlock, walkExpression } from '../syntax/walk.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { fixOf, noFix, statementAround, textAt, wholeLines } from './support/fixes/fixes.ts';
import { mappingCall } from './support/mapping-calls.ts';
import { reportIn } from './support/reports.ts';
import { returnedBy } from './support/results/returned-by-if.ts';
import { errorName } from './support/results/returns.ts';
import { usesIn } from './support/text/uses.ts';

export const mmapEagain: Rule = {
  name: 'mmap-eagain',
  severity: 'info',
  summary: 'The error of a mapping call is replaced by EAGAIN.',
  check({ driver }) {
    return usesIn(driver, /\bEAGAIN\b/).flatMap((uses) => {
      const reports: Report[] = [];
      walkBlock(uses.function.body, {
        statement: (statement) => {
          if (statement.kind !== 'if') return;
          const call = mappingCallIn(statement.test);
          const value = call === undefined ? undefined : returnedBy(statement.then);
          if (!value || errorName(value)?.name !== 'EAGAIN') return;
          const message = `EAGAIN tells the program to try again, and \`${call}()\` fails the same way each time. Return what it returns.`;
          reports.push(reportIn(uses, value.span, message, { fixes: returningIt(driver, uses.file, statement) }));
        },
      });
      return reports;
    });
  },
};

function mappingCallIn(test: Expression): string | undefined {
  let found: string | undefined;
  walkExpression(test, {
    expression: (each) => {
      if (each.kind === 'call' && each.callee.kind === 'name' && mappingCall(each.callee.name)) found ??= each.callee.name;
    },
  });
  return found;
}

/** `if (call) return -EAGAIN; return 0;` is `return call;`. */
function returningIt(driver: Driver, file: string, statement: Statement & { kind: 'if' }): readonly ReportFix[] {
  const next = statementAround(driver, { file, span: statement.span })?.after;
  const isSuccess = next?.kind === 'return' && next.value?.kind === 'number' && next.value.value === 0n;
  if (!next || !isSuccess || statement.otherwise || statement.test.kind !== 'call' || !isMappingCall(statement.test)) return noFix;
  const call = textAt(driver, { file, span: statement.test.span });
  return fixOf({ title: 'Return what the call returns' }, [
    { file, span: statement.span, newText: `return ${call};` },
    { file, span: wholeLines(driver, { file, span: next.span }), newText: '' },
  ]);
}

function isMappingCall({ callee }: Expression & { kind: 'call' }): boolean {
  return callee.kind === 'name' && mappingCall(callee.name) !== undefined;
}
