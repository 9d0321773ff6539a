/**
 * Quick fixes, built from places in the text: another text in place of one, a statement before or behind one, flags for the vma. Each
 * gives no fix where the text is not what it should be, as in a macro. Knows C as it is written, and no rule.
 */
import type { PathEvent } from '../../../analysis/path.ts';
import type { Driver } from '../../../driver/model.ts';
import { atLeast } from '../../../kernel/version.ts';
import type { Block, Expression, Span, Statement } from '../../../syntax/ast.ts';
import { walkBlock } from '../../../syntax/walk.ts';
import type { Edit, Place, ReportFix } from '../../rule.ts';

/** What a fix is called, and whether `check --fix` may apply it unseen. */
export interface FixName {
  readonly title: string;
  /** False when somebody has to look at the result; the title then says what to check. */
  readonly safe?: boolean;
}

export const noFix: readonly ReportFix[] = [];

export function fixOf({ title, safe = true }: FixName, edits: readonly Edit[]): readonly ReportFix[] {
  return [{ title, safe, edits }];
}

export function textAt(driver: Driver, place: Place): string {
  return driver.text.slice(place);
}

/** Puts `newText` in the place of what stands there. */
export function replacing(place: Place, newText: string, name: FixName): readonly ReportFix[] {
  return fixOf(name, [{ file: place.file, span: place.span, newText }]);
}

/** Calls another function with the same arguments; nothing where the call is not written out, as in a macro. */
export function callingInstead(driver: Driver, event: PathEvent, newName: string, name: FixName): readonly ReportFix[] {
  if (event.kind !== 'call') return noFix;
  const place = { file: event.file, span: event.nameSpan };
  return textAt(driver, place) === event.name ? replacing(place, newName, name) : noFix;
}

/** A statement among others of a block, and what stands before and behind it there. */
export interface StatementAt {
  readonly file: string;
  readonly statement: Statement;
  readonly before: Statement | undefined;
  readonly after: Statement | undefined;
}

/** Whether one stretch of a text lies in another. */
export function holds(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** The innermost statement of a block around `place`. A branch without braces belongs to its `if`. */
export function statementAround(driver: Driver, { file, span }: Place): StatementAt | undefined {
  const header = [...driver.functions.values()].find((each) => each.file === file && holds(each.bodySpan, span));
  const body = header && driver.body(header.name)?.body;
  if (!body) return undefined;
  let innermost: Omit<Block, 'span'> = body;
  walkBlock(body, {
    statement: (each) => {
      if (each.kind === 'block' && holds(each.span, span)) innermost = each;
    },
  });
  const index = innermost.statements.findIndex((each) => holds(each.span, span));
  const statement = innermost.statements[index];
  return statement && { file, statement, before: innermost.statements[index - 1], after: innermost.statements[index + 1] };
}

/** Puts statements, one in each line, before the statement around `place`. */
export function insertingBefore(driver: Driver, place: Place, lines: readonly string[], name: FixName): readonly ReportFix[] {
  const at = statementAround(driver, place)?.statement;
  if (!at || at.kind === 'declaration' || at.kind === 'case' || at.kind === 'label') return noFix;
  const indent = indentAt(driver, place.file, at.span.start);
  const newText = lines.map((line) => `${line}\n${indent}`).join('');
  return indent === undefined ? noFix : fixOf(name, [{ file: place.file, span: { start: at.span.start, end: at.span.start }, newText }]);
}

/** Puts statements, one in each line, behind the statement around `place`. */
export function insertingBehind(driver: Driver, place: Place, lines: readonly string[], name: FixName): readonly ReportFix[] {
  const at = statementAround(driver, place)?.statement;
  const indent = at && indentAt(driver, place.file, at.span.start);
  if (!at || indent === undefined || !/[;}]$/.test(textAt(driver, { file: place.file, span: at.span }))) return noFix;
  const newText = lines.map((line) => `\n${indent}${line}`).join('');
  return fixOf(name, [{ file: place.file, span: { start: at.span.end, end: at.span.end }, newText }]);
}

/** Takes away the statement around `place`, with its line, when it is nothing but `expected`. */
export function removing(driver: Driver, place: Place, expected: RegExp, name: FixName): readonly ReportFix[] {
  const at = statementAround(driver, place)?.statement;
  if (!at || !expected.test(textAt(driver, { file: place.file, span: at.span }))) return noFix;
  return fixOf(name, [{ file: place.file, span: wholeLines(driver, { file: place.file, span: at.span }), newText: '' }]);
}

/** The span with its indentation and line break, when nothing else stands on its lines. */
export function wholeLines(driver: Driver, place: Place): Span {
  const { start: first, text } = driver.text.lines(place);
  const { start, end } = place.span;
  const isAlone = text.slice(0, start - first).trim() === '' && text.slice(end - first).trim() === '';
  return isAlone ? { start: first, end: first + text.length } : place.span;
}

/** Sets flags of the vma before the statement of the event; `event` writes to a field of the vma, or is given the vma first. */
export function settingFlags(driver: Driver, event: PathEvent, flags: string, name: FixName): readonly ReportFix[] {
  const vma = vmaAt(driver, event);
  return vma === undefined ? noFix : insertingBefore(driver, event, [setFlags(driver, vma, flags)], name);
}

/** The statement that sets flags on the target kernel. */
export function setFlags(driver: Driver, vma: string, flags: string): string {
  return atLeast(driver.target.version, 6, 3) ? `vm_flags_set(${vma}, ${flags});` : `${vma}->vm_flags |= ${flags};`;
}

/** The statement that clears a flag on the target kernel. */
export function clearFlag(driver: Driver, vma: string, flag: string): string {
  return atLeast(driver.target.version, 6, 3) ? `vm_flags_clear(${vma}, ${flag});` : `${vma}->vm_flags &= ~${flag};`;
}

/** How the vma is written where the event happens. */
export function vmaAt(driver: Driver, event: PathEvent): string | undefined {
  const written = event.kind === 'call' ? event.argumentSpans[0] : event.span;
  const text = written && textAt(driver, { file: event.file, span: written });
  const vma = event.kind === 'call' ? text : text && /^([\w.>[\]-]+)->\w+\s*(?:=|$)/.exec(text)?.[1];
  return vma !== undefined && /^\w+(?:(?:->|\.)\w+)*$/.test(vma) ? vma : undefined;
}

/** The expression of exactly this place. */
export function expressionAt(driver: Driver, place: Place): Expression | undefined {
  const at = statementAround(driver, place)?.statement;
  let found: Expression | undefined;
  const look = (each: Expression): void => {
    if (each.span.start === place.span.start && each.span.end === place.span.end) found ??= each;
  };
  if (at) walkBlock({ kind: 'block', statements: [at], span: at.span }, { expression: look });
  return found;
}

/** The blanks before a place that is the first of its line; `undefined` where something else stands there. */
export function indentAt(driver: Driver, file: string, offset: number): string | undefined {
  const { start, text } = driver.text.lines({ file, span: { start: offset, end: offset } });
  const before = text.slice(0, offset - start);
  return before.trim() === '' ? before : undefined;
}
