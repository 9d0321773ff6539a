/**
 * Quick fixes at the head of a handler: what is refused before anything is taken, locked or changed, so that a plain return is right.
 * Knows C as it is written, and no rule.
 */
import type { Driver } from '../../../driver/model.ts';
import { atLeast } from '../../../kernel/version.ts';
import type { Statement } from '../../../syntax/ast.ts';
import { walkStatement } from '../../../syntax/walk.ts';
import type { ReportFix } from '../../rule.ts';
import { type FixName, fixOf, indentAt, noFix } from './fixes.ts';
import { takes } from './takes.ts';
import { vmaOf } from './vma-name.ts';

/** Refuses private mappings that are or may become writable, as the first thing that the handler does. */
export function refusingCow(driver: Driver, handler: string): readonly ReportFix[] {
  const title = 'Refuse private mappings first (check that no program needs them)';
  return refusingFirst(driver, handler, (vma) => cowTest(driver, vma), { title, safe: false });
}

/** Returns -EINVAL where `test`, which is given the name of the vma, holds: the first statement of the handler. */
export function refusingFirst(driver: Driver, handler: string, test: (vma: string) => string, name: FixName): readonly ReportFix[] {
  const header = driver.functions.get(handler);
  const vma = header && vmaOf(header);
  if (vma === undefined || header?.returns.kind !== 'named' || header.returns.name !== 'int') return noFix;
  return beginningWith(driver, handler, [`if (${test(vma)})`, '\treturn -EINVAL;'], (each) => takesSomething(driver, each), name);
}

/** Limits the number of bytes that an access hook is asked for to what the vma has behind the address, before anything is done with it. */
export function limitingFirst(driver: Driver, hook: string, length: string, address: string): readonly ReportFix[] {
  const uses = ({ span }: Statement): boolean => new RegExp(`\\b${length}\\b`).test(driver.text.slice({ file: driver.file, span }));
  const header = driver.functions.get(hook);
  const vma = header && vmaOf(header);
  if (vma === undefined) return noFix;
  const lines = [`if (${length} > ${vma}->vm_end - ${address})`, `\t${length} = ${vma}->vm_end - ${address};`];
  const title = 'Copy no more than the vma has behind the address (check that the buffer does not end before)';
  return beginningWith(driver, hook, lines, uses, { title, safe: false });
}

/** Puts lines behind the declarations of a function, unless one of these does what has to come later. */
export function beginningWith(
  driver: Driver,
  name: string,
  lines: readonly string[],
  isEarly: (declaration: Statement) => boolean,
  title: FixName,
): readonly ReportFix[] {
  const header = driver.functions.get(name);
  const definition = header?.file === driver.file ? driver.body(name) : undefined;
  const first = definition?.body.statements.find(({ kind }) => kind !== 'declaration');
  if (!definition || !first || first.kind === 'label' || first.kind === 'case') return noFix;
  const declared = definition.body.statements.filter(({ kind }) => kind === 'declaration');
  if (declared.some((each) => each.span.start > first.span.start || isEarly(each))) return noFix;
  const start = commented(driver, declared.at(-1)?.span.end ?? definition.bodySpan.start + 1, first.span.start);
  const indent = indentAt(driver, driver.file, start);
  if (indent === undefined) return noFix;
  const newText = lines.map((line) => `${line}\n${indent}`).join('');
  return fixOf(title, [{ file: driver.file, span: { start, end: start }, newText }]);
}

/** Where a statement begins with the comments above it, behind a place and the rest of its line. */
function commented(driver: Driver, behind: number, start: number): number {
  const between = driver.text.slice({ file: driver.file, span: { start: behind, end: start } });
  const line = between.indexOf('\n');
  const comment = line < 0 ? -1 : between.slice(line).search(/\/[*/]/);
  return comment < 0 ? start : behind + line + comment;
}

/** `is_cow_mapping()` is in linux/mm.h since 5.13. */
function cowTest(driver: Driver, vma: string): string {
  if (atLeast(driver.target.version, 5, 13)) return `is_cow_mapping(${vma}->vm_flags)`;
  return `(${vma}->vm_flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE`;
}

/** Whether an initialiser calls what an early return would have to undo, or changes something. */
export function takesSomething(driver: Driver, statement: Statement): boolean {
  let found = false;
  walkStatement(statement, {
    expression: (each) => {
      found ||= each.kind === 'assignment' || each.kind === 'update' || takes(driver, each);
    },
  });
  return found;
}
