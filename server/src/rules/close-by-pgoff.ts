/** `close-by-pgoff`: `.close` tells by vm_pgoff what the mapping is, and a split gives the upper part another one. */
import type { Driver, OpsTable } from '../driver/model.ts';
import type { Expression, Statement } from '../syntax/ast.ts';
import { walkBlock, walkExpression } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import { maySpanPages } from './support/bounds/page-spans.ts';
import { reportIn } from './support/reports.ts';
import { type FunctionUses, structOf, usesOf } from './support/text/uses.ts';

export const closeByPgoff: Rule = {
  name: 'close-by-pgoff',
  severity: 'error',
  summary: '`.close` tells by `vm_pgoff` what the mapping is, though a split changes it.',
  provedBy: ['leak', 'refcount-underflow'],
  shownBy: [
    `open rw\na = mmap len 2p off 0p prot rw shared expect any\nmunmap a+1p\nexit\n`,
    `open rw\na = mmap len 16p off 0p prot rw shared expect any\nmunmap a+8p\nexit\n`,
  ],
  check({ driver, entries }) {
    const reports = new Map<string, Report>();
    for (const table of driver.tables) {
      if (table.container !== 'vm_operations_struct' || table.file !== driver.file) continue;
      // Without .open, `close-without-open` tells what a split does.
      if (!table.entries.some(({ slot }) => slot === 'open')) continue;
      const close = table.entries.find(({ slot }) => slot === 'close')?.function;
      const uses = close === undefined || refusesSplit(table) || reports.has(close) ? undefined : usesOf(driver, close);
      const found = uses && (countsPages(uses) ? undefined : decidingOffset(driver, uses));
      if (!uses || close === undefined || !found || !maySpanPages(entries)) continue;
      const message = `\`${close}()\` tells by \`vm_pgoff\` which mapping is closed. A partial munmap or mprotect splits the vma, and the upper part has another offset: it is taken for another mapping, and what was counted for it is never given back, or given back twice. Refuse the split with .may_split, or keep what .close needs in vm_private_data.`;
      reports.set(close, reportIn(uses, found.span, message));
    }
    return [...reports.values()];
  },
};

function refusesSplit({ entries }: OpsTable): boolean {
  return entries.some(({ slot }) => slot === 'may_split' || slot === 'split');
}

/** Page by page, the parts of a vma are as good as the whole. */
function countsPages({ expressions }: FunctionUses): boolean {
  return expressions.some(
    (each) =>
      (each.kind === 'member' && (each.field === 'vm_end' || each.field === 'vm_start')) ||
      (each.kind === 'call' && each.callee.kind === 'name' && each.callee.name === 'vma_pages'),
  );
}

/** The `vma->vm_pgoff` that a condition compares, or that chooses an element. */
function decidingOffset(driver: Driver, uses: FunctionUses): Expression | undefined {
  let found: Expression | undefined;
  const note = (value: Expression | undefined): void => {
    if (value)
      walkExpression(value, {
        expression: (each) => {
          if (each.kind === 'member' && each.field === 'vm_pgoff' && structOf(uses, driver, each.object) === 'vm_area_struct')
            found ??= each;
        },
      });
  };
  walkBlock(uses.function.body, {
    statement: (each) => note(testOf(each)),
    expression: (each) => note(each.kind === 'index' ? each.index : each.kind === 'conditional' ? each.test : undefined),
  });
  return found;
}

function testOf(statement: Statement): Expression | undefined {
  if (statement.kind === 'if' || statement.kind === 'while') return statement.test;
  return statement.kind === 'switch' ? statement.value : undefined;
}
