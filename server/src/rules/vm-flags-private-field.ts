/** `vm-flags-private-field`: the flags of a vma are written behind the back of their helpers. */
import type { Driver } from '../driver/model.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { noFix, replacing, textAt } from './support/fixes/fixes.ts';
import { reportIn } from './support/reports.ts';
import { usesIn } from './support/text/uses.ts';

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
            { fixes: byHelper(driver, uses.file, expression) },
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

/** `|= X` and `&= ~X` of the private field have a helper each; other writes are for somebody to look at. */
function byHelper(driver: Driver, file: string, write: Expression): readonly ReportFix[] {
  if (write.kind !== 'assignment' || write.target.kind !== 'member' || !write.target.arrow) return noFix;
  const { operator, target, value } = write;
  const cleared = value.kind === 'unary' && value.operator === '~' ? value.operand : undefined;
  const [helper, argument] =
    operator === '|=' ? ['vm_flags_set', value] : operator === '&=' && cleared ? ['vm_flags_clear', cleared] : [undefined, value];
  if (helper === undefined) return noFix;
  const written = (part: Expression): string => textAt(driver, { file, span: part.span }).replace(/^\(([^()]*)\)$/, '$1');
  return replacing({ file, span: write.span }, `${helper}(${written(target.object)}, ${written(argument)})`, { title: `Use ${helper}()` });
}
