/** `fault-bits-as-errno`: the VM_FAULT_ bits that an insertion returned are handed on as if they were an error number. */
import type { Expression } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { reportIn } from './support/reports.ts';
import { type FunctionUses, usesIn } from './support/text/uses.ts';

export const faultBitsAsErrno: Rule = {
  name: 'fault-bits-as-errno',
  severity: 'error',
  summary: 'The VM_FAULT_ bits of an insertion become an error pointer.',
  versions: { since: { major: 4, minor: 17, patch: 0 } },
  check: ({ driver }) => usesIn(driver, /\bERR_PTR\b/, /\bvmf_insert_/).flatMap(madeErrorPointer),
};

/** `ret = vmf_insert_pfn(…); …; return ERR_PTR(ret);`: what the variable last got, in the order of the text, are bits. */
function madeErrorPointer(uses: FunctionUses): readonly Report[] {
  const bits = new Set<string>();
  return uses.expressions.flatMap((expression): readonly Report[] => {
    if (expression.kind === 'assignment') {
      const name = nameOf(expression.target);
      if (name !== undefined && isInsertion(expression.value)) bits.add(name);
      else if (name !== undefined) bits.delete(name);
    }
    if (expression.kind !== 'call' || nameOf(expression.callee) !== 'ERR_PTR') return [];
    const [value] = expression.arguments;
    if (!value || !(isInsertion(value) || bits.has(nameOf(value) ?? ''))) return [];
    return [
      reportIn(
        uses,
        value.span,
        'These are VM_FAULT_ bits, and ERR_PTR() takes an error number: VM_FAULT_NOPAGE, with which the insertion says that it succeeded, becomes a pointer that callers take for an error or follow. Give ERR_PTR() an error number where the insertion failed, and return the object where it did not.',
      ),
    ];
  });
}

function isInsertion(value: Expression): boolean {
  return value.kind === 'call' && /^vmf_insert_/.test(nameOf(value.callee) ?? '');
}

function nameOf(value: Expression): string | undefined {
  return value.kind === 'name' ? value.name : undefined;
}
