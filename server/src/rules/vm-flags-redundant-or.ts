/** `vm-flags-redundant-or`: `vm_flags_set()` is given the flags that it keeps anyway. */
import type { Expression } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { reportIn } from './support/reports.ts';
import { usesIn } from './support/text/uses.ts';

export const vmFlagsRedundantOr: Rule = {
  name: 'vm-flags-redundant-or',
  severity: 'info',
  summary: '`vm_flags_set()` is given the flags that the vma has already.',
  versions: { since: { major: 6, minor: 3, patch: 0 } },
  check({ driver }) {
    return usesIn(driver, /\bvm_flags_set\b/).flatMap((uses) =>
      uses.expressions.flatMap((expression): Report[] => {
        if (expression.kind !== 'call' || expression.callee.kind !== 'name' || expression.callee.name !== 'vm_flags_set') return [];
        const flags = expression.arguments[1];
        const rest = flags && withoutOwnFlags(flags);
        if (!flags || !rest) return [];
        const newText = driver.text.slice({ file: uses.file, span: rest.span });
        return [
          reportIn(uses, flags.span, `\`vm_flags_set()\` adds to the flags of the vma and keeps the others. Give it ${newText} alone.`, {
            fixes: [{ title: `Set ${newText} alone`, safe: true, edits: [{ file: uses.file, span: flags.span, newText }] }],
          }),
        ];
      }),
    );
  },
};

/** The other side of `vma->vm_flags | X`. */
function withoutOwnFlags(flags: Expression): Expression | undefined {
  if (flags.kind !== 'binary' || flags.operator !== '|') return undefined;
  const isOwn = (side: Expression): boolean => side.kind === 'member' && side.field === 'vm_flags';
  if (isOwn(flags.left)) return flags.right;
  return isOwn(flags.right) ? flags.left : undefined;
}
