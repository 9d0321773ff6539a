/** `vmf-insert-errno-compare`: VM_FAULT_ bits are compared as if they were an error number. */
import type { Expression } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { reportIn } from './support/reports.ts';
import { type FunctionUses, usesIn } from './support/uses.ts';

const inserting =
  /^(?:vmf_insert_(?:pfn|pfn_prot|mixed|mixed_mkwrite|page|page_mkwrite|pfn_pmd|pfn_pud|pfn_pmd_prot|pfn_pud_prot)|vmf_error|handle_mm_fault)$/;

export const vmfInsertErrnoCompare: Rule = {
  name: 'vmf-insert-errno-compare',
  severity: 'warning',
  summary: 'The VM_FAULT_ bits of a call are compared with 0 as if they could be negative.',
  versions: { since: { major: 4, minor: 17, patch: 0 } },
  check({ driver }) {
    return usesIn(driver, /\bvmf_insert_|\bvm_fault_t\b/).flatMap((uses) =>
      uses.expressions.flatMap((expression): Report[] => {
        if (expression.kind !== 'binary' || expression.operator !== '<') return [];
        if (expression.right.kind !== 'number' || expression.right.value !== 0n || !isFaultResult(uses, expression.left)) return [];
        return [
          reportIn(
            uses,
            expression.span,
            'VM_FAULT_ bits are never negative, so the comparison is never true and errors go unnoticed. Test `& VM_FAULT_ERROR`.',
          ),
        ];
      }),
    );
  },
};

function isFaultResult(uses: FunctionUses, value: Expression): boolean {
  if (value.kind === 'assignment') return isFaultResult(uses, value.value);
  if (value.kind === 'call') return value.callee.kind === 'name' && inserting.test(value.callee.name);
  const type = value.kind === 'name' ? uses.typeOf(value.name) : undefined;
  return type?.kind === 'named' && type.name === 'vm_fault_t';
}
