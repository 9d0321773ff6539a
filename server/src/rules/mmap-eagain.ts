/** `mmap-eagain`: whatever a mapping call says is told to the program as EAGAIN. */
import type { Expression } from '../syntax/ast.ts';
import { walkBlock, walkExpression } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import { mappingCall } from './support/mapping-calls.ts';
import { reportIn } from './support/reports.ts';
import { returnedBy } from './support/returned-by-if.ts';
import { errorName } from './support/returns.ts';
import { usesIn } from './support/uses.ts';

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
          reports.push(reportIn(uses, value.span, message));
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
