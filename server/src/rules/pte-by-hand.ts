/** `pte-by-hand`: a driver writes page table entries itself. */
import type { Expression } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { reportIn } from './support/reports.ts';
import { anyWord, isOwnName, usesIn } from './support/uses.ts';

const writing: ReadonlySet<string> = new Set([
  'set_pte',
  'set_pte_at',
  'set_ptes',
  'get_locked_pte',
  '__get_locked_pte',
  'pte_offset_map_lock',
  'set_pmd_at',
  'pte_alloc_map',
  'pte_alloc_map_lock',
]);
const anyWriting = anyWord(writing);

export const pteByHand: Rule = {
  name: 'pte-by-hand',
  severity: 'error',
  summary: 'A driver writes page table entries of a process itself.',
  check({ driver }) {
    // The core of mm and the architectures do nothing else.
    if (/\/(?:mm|arch\/[^/]+)\//.test(driver.file)) return [];
    return usesIn(driver, anyWriting).flatMap((uses) =>
      uses.expressions.flatMap((expression): Report[] => {
        if (expression.kind !== 'call' || expression.callee.kind !== 'name' || !writing.has(expression.callee.name)) return [];
        const { name, span } = expression.callee;
        if (isOwnName(driver, name)) return [];
        const onKernel = expression.arguments.some(
          (each) => each.kind === 'addressOf' && each.operand.kind === 'name' && each.operand.name === 'init_mm',
        );
        if (onKernel || expression.arguments.some(isSpecial)) return [];
        return [
          reportIn(
            uses,
            span,
            `An entry made with \`${name}()\` is known to nobody: no flag of the vma, no count of the page, no cache type. On unmap the kernel drops a reference that was never taken. Use remap_pfn_range(), vm_insert_page() or a vmf_insert function.`,
          ),
        ];
      }),
    );
  },
};

/** An entry that is marked special is nobody's page, and the kernel drops nothing on unmap. */
function isSpecial(entry: Expression): boolean {
  return entry.kind === 'call' && entry.callee.kind === 'name' && entry.callee.name === 'pte_mkspecial';
}
