/** `vm-ops-not-const-static`: the table of operations lives shorter than the vma. */
import type { Driver } from '../driver/model.ts';
import { atLeast } from '../kernel/version.ts';
import type { Initializer, Statement } from '../syntax/ast.ts';
import { walkBlock } from '../syntax/walk.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { fixOf, noFix, textAt } from './support/fixes/fixes.ts';
import { reportOn } from './support/reports.ts';
import { type FunctionUses, usesOf } from './support/text/uses.ts';

export const vmOpsNotConstStatic: Rule = {
  name: 'vm-ops-not-const-static',
  severity: 'warning',
  summary: 'The operations of a vma lie in memory that goes away before the vma does.',
  byEntry: true,
  check(context) {
    const reports = new Map<number, Report>();
    for (const entry of context.entries) {
      for (const event of entry.paths.flatMap((path) => path.events)) {
        if (event.kind !== 'write' || !/(?:->|\.)vm_ops$/.test(event.name) || reports.has(event.span.start)) continue;
        const { value } = event;
        if (value.kind !== 'pointer' || value.place.object.origin.kind !== 'local') continue;
        const message = `\`${value.place.object.name}\` is a variable of \`${value.place.object.origin.function}()\` and gone when it returns; the kernel reads the table as long as the mapping lives. Make it static const.`;
        reports.set(
          event.span.start,
          reportOn({ entry, event }, event.span, message, {
            severity: 'error',
            fixes: makingStatic(context.driver, value.place.object.origin.function, value.place.object.name),
          }),
        );
      }
    }
    return [...reports.values()];
  },
};

/** Where the table is filled by its declaration alone: makes it one of the file that nobody changes. `vm_ops` points to const since 2.6.32. */
function makingStatic(driver: Driver, name: string, table: string): readonly ReportFix[] {
  const uses = usesOf(driver, name);
  const declaration = uses && declarationOf(uses, table);
  const type = uses?.typeOf(table);
  if (!uses || !declaration || type?.kind !== 'tagged') return noFix;
  // Nothing but the assignment to `vm_ops` names it.
  const isChanged = uses.expressions.filter((each) => each.kind === 'name' && each.name === table).length !== 1;
  const { start } = declaration.span;
  const begins = /^(?:const\s+)?struct\s+vm_operations_struct\b/.exec(textAt(driver, { file: uses.file, span: declaration.span }))?.[0];
  if (isChanged || begins === undefined) return noFix;
  const isConst = begins.startsWith('const') || !atLeast(driver.target.version, 2, 6, 32);
  const edit = { file: uses.file, span: { start, end: start }, newText: isConst ? 'static ' : 'static const ' };
  return fixOf({ title: 'Make the table static const' }, [edit]);
}

/** The declaration of the table alone, filled with the names of functions. */
function declarationOf({ function: { body } }: FunctionUses, table: string): Statement | undefined {
  let found: Statement | undefined;
  walkBlock(body, {
    statement: (each) => {
      if (each.kind !== 'declaration' || each.isStatic || each.declarators.length !== 1) return;
      const [declarator] = each.declarators;
      if (declarator?.name === table && isFilled(declarator.initializer)) found = each;
    },
  });
  return found;
}

function isFilled(initializer: Initializer | undefined): boolean {
  return (
    initializer?.kind === 'list' &&
    initializer.entries.every(({ value }) => value.kind === 'expression' && ['name', 'number'].includes(value.expression.kind))
  );
}
