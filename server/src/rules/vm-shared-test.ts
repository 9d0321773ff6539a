/** `vm-shared-test`: a handler that wants shared mappings asks for VM_SHARED, and refuses read-only ones too. */
import type { Expression } from '../syntax/ast.ts';
import { walkBlock } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import { reportIn } from './support/reports.ts';
import { returnedBy } from './support/results/returned-by-if.ts';
import { errorName } from './support/results/returns.ts';
import { usesIn } from './support/text/uses.ts';

export const vmSharedTest: Rule = {
  name: 'vm-shared-test',
  severity: 'info',
  summary: 'A handler refuses mappings without VM_SHARED, and with them shared ones of files that are open for reading.',
  check({ driver }) {
    const handlers = new Set(driver.handlers.filter(({ kind }) => kind === 'mmap').map((handler) => handler.function));
    return usesIn(driver, /\bVM_SHARED\b/).flatMap((uses) => {
      if (!handlers.has(uses.function.name)) return [];
      const reports: Report[] = [];
      walkBlock(uses.function.body, {
        statement: (statement) => {
          if (statement.kind !== 'if') return;
          const flag = flagOfAbsence(statement.test);
          const value = flag && returnedBy(statement.then);
          if (!flag || !value || !errorName(value)?.negative) return;
          reports.push(
            reportIn(
              uses,
              flag.span,
              'A shared mapping of a file that is open for reading alone has VM_MAYSHARE and no VM_SHARED, so this refuses it with the private ones. Test VM_MAYSHARE, or is_cow_mapping(vma->vm_flags).',
              {
                fixes: [
                  {
                    title: 'Test VM_MAYSHARE (check that reading is meant to be allowed)',
                    safe: false,
                    edits: [{ file: uses.file, span: flag.span, newText: 'VM_MAYSHARE' }],
                  },
                ],
              },
            ),
          );
        },
      });
      return reports;
    });
  },
};

/** The name VM_SHARED in `!(vma->vm_flags & VM_SHARED)`. */
function flagOfAbsence(test: Expression): Expression | undefined {
  if (test.kind !== 'unary' || test.operator !== '!' || test.operand.kind !== 'binary' || test.operand.operator !== '&') return undefined;
  const { left, right } = test.operand;
  const isFlags = (side: Expression): boolean => side.kind === 'member' && side.field === 'vm_flags';
  const other = isFlags(left) ? right : isFlags(right) ? left : undefined;
  return other?.kind === 'name' && other.name === 'VM_SHARED' ? other : undefined;
}
