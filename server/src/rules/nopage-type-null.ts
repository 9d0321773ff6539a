/** `nopage-type-null`: nopage writes the kind of the fault through a pointer that may be NULL. */
import type { Expression } from '../syntax/ast.ts';
import { walkBlock } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import { reportIn } from './support/reports.ts';
import { usesOf } from './support/text/uses.ts';

export const nopageTypeNull: Rule = {
  name: 'nopage-type-null',
  severity: 'info',
  summary: '`nopage` writes through its third argument without a test for NULL.',
  versions: { since: { major: 2, minor: 6, patch: 1 }, until: { major: 2, minor: 6, patch: 26 } },
  check({ driver }) {
    return driver.handlers.flatMap((handler): Report[] => {
      const uses = handler.kind === 'nopage' && handler.defined ? usesOf(driver, handler.function) : undefined;
      const type = uses?.function.parameters[2]?.name;
      if (!uses || type === undefined) return [];
      const isType = (each: Expression): boolean => each.kind === 'name' && each.name === type;
      let tested = false;
      const asks = (test: Expression): boolean => {
        if (test.kind === 'binary') return asks(test.left) || asks(test.right);
        return test.kind === 'unary' ? asks(test.operand) : isType(test);
      };
      walkBlock(uses.function.body, {
        statement: (statement) => {
          if (statement.kind === 'if') tested ||= asks(statement.test);
        },
        expression: (each) => {
          if (each.kind === 'conditional') tested ||= asks(each.test);
        },
      });
      if (tested) return [];
      return uses.expressions.flatMap((each): Report[] => {
        if (each.kind !== 'assignment' || each.target.kind !== 'dereference' || !isType(each.target.operand)) return [];
        const message = `\`${type}\` is NULL when the core only wants the page, as get_user_pages() does: the write is an oops. Test it first.`;
        const fixes = [
          {
            title: `Test \`${type}\` first`,
            safe: true,
            edits: [{ file: uses.file, span: { start: each.span.start, end: each.span.start }, newText: `if (${type}) ` }],
          },
        ];
        return [reportIn(uses, each.target.span, message, { handler, fixes })];
      });
    });
  },
};
