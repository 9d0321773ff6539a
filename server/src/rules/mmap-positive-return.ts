/** `mmap-positive-return`: an mmap handler returns a number that is neither 0 nor an error. */
import type { Expression } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { reportIn } from './support/reports.ts';
import { errorName, returnedValues } from './support/returns.ts';
import { usesOf } from './support/uses.ts';

export const mmapPositiveReturn: Rule = {
  name: 'mmap-positive-return',
  severity: 'error',
  summary: 'An mmap handler returns a positive number, which mmap(2) hands to the program as an address.',
  check({ driver }) {
    const names = new Set(driver.handlers.filter(({ kind, defined }) => defined && kind === 'mmap').map((handler) => handler.function));
    return [...names].flatMap((name) => {
      const uses = usesOf(driver, name);
      if (!uses) return [];
      return returnedValues(driver, name).flatMap((value): Report[] => {
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
    });
  },
};

function isTruth(value: Expression): boolean {
  if (value.kind === 'unary') return value.operator === '!';
  return value.kind === 'binary' && ['<', '<=', '>', '>=', '==', '!=', '&&', '||'].includes(value.operator);
}
