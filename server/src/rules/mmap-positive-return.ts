/** `mmap-positive-return`: an mmap handler returns a number that is neither 0 nor an error. */
import type { Expression } from '../syntax/ast.ts';
import { walkBlock, walkStatement } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import { reportIn } from './support/reports.ts';
import { errorName, returnedValues } from './support/results/returns.ts';
import { type FunctionUses, usesOf } from './support/text/uses.ts';

export const mmapPositiveReturn: Rule = {
  name: 'mmap-positive-return',
  severity: 'error',
  summary: 'An mmap handler returns a positive number, which mmap(2) hands to the program as an address.',
  provedBy: ['bad-return'],
  shownBy: [
    `open rw\na = mmap len 1024p off 0p prot rw shared expect any\n`,
    `open rw\na = mmap len 1p off 1024p prot rw shared expect any\n`,
    `open rw\na = mmap len 1p off 0p prot rw shared expect any\n`,
  ],
  check({ driver }) {
    const names = new Set(driver.handlers.filter(({ kind, defined }) => defined && kind === 'mmap').map((handler) => handler.function));
    return [...names].flatMap((name) => {
      const uses = usesOf(driver, name);
      if (!uses) return [];
      const byText = returnedValues(driver, name).flatMap((value): Report[] => {
        const error = errorName(value);
        if (error && !error.negative && !driver.macros.has(error.name)) {
          const newText = `-${error.name}`;
          return [
            reportIn(
              uses,
              value.span,
              `\`${error.name}\` is positive, so mmap(2) succeeds and gives the program ${error.name} as its address. Return ${newText}.`,
              {
                fixes: [{ title: `Return ${newText}`, safe: true, edits: [{ file: uses.file, span: value.span, newText }] }],
              },
            ),
          ];
        }
        if (!isTruth(value) && !(value.kind === 'number' && value.value > 0n)) return [];
        return [
          reportIn(
            uses,
            value.span,
            'An mmap handler returns 0 or a negative error: mmap(2) hands any other number to the program as the address of the mapping. Return an error such as -EINVAL.',
          ),
        ];
      });
      return [...byText, ...positiveReturns(uses)];
    });
  },
};

function isTruth(value: Expression): boolean {
  if (value.kind === 'unary') return value.operator === '!';
  return value.kind === 'binary' && ['<', '<=', '>', '>=', '==', '!=', '&&', '||'].includes(value.operator);
}

/** `if (bar > 0 && …) return bar;` */
function positiveReturns(uses: FunctionUses): readonly Report[] {
  const reports: Report[] = [];
  walkBlock(uses.function.body, {
    statement: (statement) => {
      if (statement.kind !== 'if') return;
      const above = namesAboveZero(statement.test);
      walkStatement(statement.then, {
        expression: (each) => {
          if (each.kind === 'assignment' && each.target.kind === 'name') above.delete(each.target.name);
        },
        statement: (each) => {
          if (each.kind !== 'return' || each.value?.kind !== 'name' || !above.has(each.value.name)) return;
          const message = `\`${each.value.name}\` is above 0 here, so mmap(2) succeeds and gives it to the program as the address of the mapping. Return an error such as -EINVAL.`;
          reports.push(reportIn(uses, each.value.span, message));
        },
      });
    },
  });
  return reports;
}

function namesAboveZero(test: Expression): Set<string> {
  if (test.kind !== 'binary') return new Set();
  const { operator, left, right } = test;
  if (operator === '&&') return new Set([...namesAboveZero(left), ...namesAboveZero(right)]);
  const isFrom = (limit: bigint): boolean => right.kind === 'number' && right.value >= limit;
  const isAbove = (operator === '>' && isFrom(0n)) || (operator === '>=' && isFrom(1n));
  return new Set(isAbove && left.kind === 'name' ? [left.name] : []);
}
