/** `pte-by-hand`: a driver writes page table entries itself. */
import type { Expression } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { reportIn } from './support/reports.ts';
import { anyWord, type FunctionUses, isOwnName, usesIn } from './support/text/uses.ts';

/** Calls that write an entry. */
const writing: ReadonlySet<string> = new Set(['set_pte', 'set_pte_at', 'set_ptes', 'set_pmd', 'set_pmd_at']);
const anyWriting = anyWord(writing);
/** Calls that make an entry of a page or a pfn; all else changes one that is there. */
const making: ReadonlySet<string> = new Set(['mk_pte', 'pfn_pte', 'mk_pmd', 'pfn_pmd', 'mk_pte_phys']);
/** Whoever calls these keeps the books that the rule misses, as the core of mm does. An entry that is special is nobody's page. */
const keepsBooks =
  /^(?:pte_mkspecial|pmd_mkspecial|mm_inc_nr_ptes|(?:inc|add|update)_mm_\w*counter|(?:page|folio)_(?:add|dup)_\w*rmap\w*)$/;

export const pteByHand: Rule = {
  name: 'pte-by-hand',
  severity: 'error',
  summary: 'A driver writes page table entries of a process itself.',
  check({ driver }) {
    // The core of mm and the architectures keep these books.
    if (/\/(?:mm|arch\/[^/]+)\//.test(driver.file)) return [];
    return usesIn(driver, anyWriting).flatMap((uses) => {
      if (!makesEntries(uses)) return [];
      return uses.expressions.flatMap((expression): Report[] => {
        if (expression.kind !== 'call' || expression.callee.kind !== 'name' || !writing.has(expression.callee.name)) return [];
        const { name, span } = expression.callee;
        if (isOwnName(driver, name) || expression.arguments.some(isKernelMm)) return [];
        return [
          reportIn(
            uses,
            span,
            `An entry made with \`${name}()\` is known to nobody: no flag of the vma, no count of the page, no cache type. On unmap the kernel drops a reference that was never taken. Use remap_pfn_range(), vm_insert_page() or a vmf_insert function.`,
          ),
        ];
      });
    });
  },
};

function makesEntries({ expressions }: FunctionUses): boolean {
  const called = expressions.flatMap((each) => (each.kind === 'call' && each.callee.kind === 'name' ? [each.callee.name] : []));
  return called.some((name) => making.has(name)) && !called.some((name) => keepsBooks.test(name));
}

/** The page tables of the kernel itself. */
function isKernelMm(argument: Expression): boolean {
  return argument.kind === 'addressOf' && argument.operand.kind === 'name' && argument.operand.name === 'init_mm';
}
