/** `mmap-phys-truncated`: a physical address is computed in unsigned long, which loses its upper bits on 32-bit machines. */
import type { Expression, TypeName } from '../syntax/ast.ts';
import { walkBlock, walkExpression } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import { reportIn } from './support/reports.ts';
import { usesIn } from './support/text/uses.ts';

/** Types of physical addresses, which may be wider than unsigned long. A cookie in a u64 is none. */
const wide: ReadonlySet<string> = new Set(['phys_addr_t', 'resource_size_t', 'dma_addr_t']);

export const mmapPhysTruncated: Rule = {
  name: 'mmap-phys-truncated',
  severity: 'info',
  summary: 'The offset is shifted to bytes before it is made as wide as a physical address.',
  check({ driver }) {
    const is32 = driver.target.longBits === 32;
    return usesIn(driver, /\bvm_pgoff\b/).flatMap((uses) => {
      const reports = new Map<number, Report>();
      const judge = (type: TypeName | undefined, value: Expression): void => {
        const name = type?.kind === 'named' && wide.has(type.name) ? type.name : undefined;
        const shift = name === undefined ? undefined : shiftIn(value);
        if (!shift || name === undefined) return;
        const fix = {
          title: `Cast to ${name} before the shift`,
          safe: true,
          edits: [{ file: uses.file, span: { start: shift.left.span.start, end: shift.left.span.start }, newText: `(${name})` }],
        };
        const message = `The shift is done in unsigned long, where a 32-bit kernel drops what lies above 4 GiB, and only then the result becomes ${name}: the program maps another address than it asked for, and a check sees that one. Cast vm_pgoff to ${name} first.`;
        reports.set(
          shift.span.start,
          reportIn(uses, shift.span, message, { fixes: [fix], ...(is32 ? { severity: 'error' as const } : {}) }),
        );
      };
      walkBlock(uses.function.body, {
        statement: (statement) => {
          if (statement.kind !== 'declaration') return;
          for (const { type, initializer } of statement.declarators)
            if (initializer?.kind === 'expression') judge(type, initializer.expression);
        },
        expression: (each) => {
          if (each.kind === 'assignment' && each.target.kind === 'name') judge(uses.typeOf(each.target.name), each.value);
        },
      });
      return [...reports.values()];
    });
  },
};

type Shift = Extract<Expression, { kind: 'binary' }>;

/** `vma->vm_pgoff << PAGE_SHIFT`, without a cast of what is shifted. */
function shiftIn(value: Expression): Shift | undefined {
  let found: Shift | undefined;
  walkExpression(value, {
    expression: (each) => {
      if (each.kind !== 'binary' || found) return;
      const isShift = each.operator === '<<' && each.right.kind === 'name' && each.right.name === 'PAGE_SHIFT';
      const isProduct = each.operator === '*' && each.right.kind === 'name' && each.right.name === 'PAGE_SIZE';
      if ((isShift || isProduct) && each.left.kind === 'member' && each.left.field === 'vm_pgoff') found = each;
    },
  });
  return found;
}
