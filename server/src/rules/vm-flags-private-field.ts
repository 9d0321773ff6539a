/** `vm-flags-private-field`: the flags of a vma are written behind the back of their helpers. */
import type { Expression } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { reportIn } from './support/reports.ts';
import { usesIn } from './support/uses.ts';

export const vmFlagsPrivateField: Rule = {
  name: 'vm-flags-private-field',
  severity: 'error',
  summary: 'The flags of a vma are written past their helpers, by the private field or a cast.',
  versions: { since: { major: 6, minor: 3, patch: 0 } },
  check({ driver }) {
    return usesIn(driver, /\b(?:__)?vm_flags\b/).flatMap((uses) =>
      uses.expressions.flatMap((expression): Report[] => {
        if (expression.kind !== 'assignment' && expression.kind !== 'update') return [];
        const target = expression.kind === 'assignment' ? expression.target : expression.operand;
        const how = wayAround(target);
        if (how === undefined) return [];
        return [
          reportIn(
            uses,
            target.span,
            `The flags are written ${how}, without the lock that vm_flags_set() and its relatives take, so the vma can be in use with the old ones. Use vm_flags_set(), vm_flags_clear() or vm_flags_mod().`,
          ),
        ];
      }),
    );
  },
};

/** How an lvalue gets around the helpers. */
function wayAround(target: Expression): string | undefined {
  if (target.kind === 'member' && target.field === '__vm_flags') return 'through the private field `__vm_flags`';
  if (target.kind === 'call' && target.callee.kind === 'name' && target.callee.name === 'ACCESS_PRIVATE') return 'with ACCESS_PRIVATE()';
  if (target.kind !== 'dereference' || target.operand.kind !== 'cast') return undefined;
  const { operand } = target.operand;
  const isFlags = operand.kind === 'addressOf' && operand.operand.kind === 'member' && /^(?:__)?vm_flags$/.test(operand.operand.field);
  return isFlags ? 'through a cast that takes the const away' : undefined;
}
