/**
 * A handler's definition that a migration writes anew for another kernel: its result type, its parameters, its first lines, and the words of
 * its body. Gives nothing where the text has more to it than can be seen, such as conditional compiling. Knows no slot and no rule.
 */
import type { Driver, OpsTable } from '../../../driver/model.ts';
import type { Expression, Statement } from '../../../syntax/ast.ts';
import type { Edit } from '../../rule.ts';
import { indentAt } from '../fixes/fixes.ts';
import { type FunctionUses, usesOf } from '../text/uses.ts';

/** A handler that can be written anew: all of its definition is in sight, and the tables of the file alone name it. */
export interface Registered {
  readonly uses: FunctionUses;
  readonly entries: OpsTable['entries'];
}

/** The handler of this name; `undefined` where it is not understood to its end, is not the same for each build, or is named elsewhere. */
export function registered(driver: Driver, name: string): Registered | undefined {
  const uses = usesOf(driver, name);
  if (!uses || uses.function.problems.length > 0) return undefined;
  if (/^[ \t]*#/m.test(driver.text.slice({ file: uses.file, span: uses.function.span }))) return undefined;
  const tables = driver.tables.filter(({ file }) => file === driver.file);
  const entries = tables.flatMap((table) => table.entries.filter((entry) => entry.function === name));
  const code = driver.ownText.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  const named = [...code.matchAll(new RegExp(`\\b${name}\\b`, 'g'))].length;
  return named === entries.length + 1 ? { uses, entries } : undefined;
}

/** Puts the handler into another slot of its tables; `undefined` where an entry does not spell its slot. */
export function intoSlot(driver: Driver, { uses, entries }: Registered, from: string, to: string): readonly Edit[] | undefined {
  const edits = entries.map(({ slot, span }): Edit | undefined => {
    const at = slot === from ? driver.text.slice({ file: uses.file, span }).search(new RegExp(`\\b${from}\\b`)) : -1;
    const start = span.start + at;
    return at < 0 ? undefined : { file: uses.file, span: { start, end: start + from.length }, newText: to };
  });
  return allOf(edits);
}

/** The edits, or `undefined` when one of them cannot be made. */
export function allOf(edits: readonly (Edit | undefined)[]): readonly Edit[] | undefined {
  const made = edits.filter((each) => each !== undefined);
  return made.length === edits.length ? made : undefined;
}

/** What the header shall say. */
export interface NewHeader {
  readonly result: string;
  /** As text, separated by commas. */
  readonly parameters: string;
}

const resultType = /(?:\bstruct\s+page\s*\*|\bunsigned\s+(?:int|long)\b|\bint\b|\bvm_fault_t\b)(?=\s*$)/;

/** Gives a definition another result type and other parameters; `undefined` where its own are not written out. */
export function withHeader(driver: Driver, uses: FunctionUses, header: NewHeader): readonly Edit[] | undefined {
  const result = withResult(driver, uses, header.result);
  const first = uses.function.parameters[0];
  const last = uses.function.parameters.at(-1);
  if (!result || !first || !last) return undefined;
  return [result, { file: uses.file, span: { start: first.span.start, end: last.span.end }, newText: header.parameters }];
}

/** Gives a definition another result type. */
export function withResult(driver: Driver, { function: own, file }: FunctionUses, result: string): Edit | undefined {
  const before = driver.text.slice({ file, span: { start: own.span.start, end: own.nameSpan.start } });
  const written = resultType.exec(before);
  if (!written) return undefined;
  const start = own.span.start + written.index;
  const end = start + written[0].length;
  return { file, span: { start, end }, newText: end === own.nameSpan.start ? `${result} ` : result };
}

/** Puts lines, such as declarations, at the beginning of the body. */
export function beginningWith({ function: own, file }: FunctionUses, lines: readonly string[]): readonly Edit[] {
  const start = own.bodySpan.start + 1;
  return lines.length > 0 ? [{ file, span: { start, end: start }, newText: lines.map((line) => `\n\t${line}`).join('') }] : [];
}

/** The uses of a variable or a parameter in the body. */
export function usesOfName({ expressions }: FunctionUses, name: string | undefined): readonly Expression[] {
  return expressions.filter((each) => each.kind === 'name' && each.name === name);
}

/** A statement, and whether it is the whole branch of an `if` or a loop. */
interface Placed {
  readonly statement: Statement;
  readonly isBranch: boolean;
}

/** All statements of the body, outer before inner. */
export function placedStatements({ function: { body } }: FunctionUses): readonly Placed[] {
  const placed: Placed[] = [];
  const visit = (statement: Statement | undefined, isBranch: boolean): void => {
    if (!statement) return;
    placed.push({ statement, isBranch: isBranch && statement.kind !== 'block' });
    switch (statement.kind) {
      case 'block':
        for (const each of statement.statements) visit(each, false);
        return;
      case 'if':
        visit(statement.then, true);
        visit(statement.otherwise, true);
        return;
      case 'while':
      case 'doWhile':
      case 'for':
      case 'iterator':
      case 'switch':
      case 'guard':
        visit(statement.body, true);
        return;
      default:
        return;
    }
  };
  for (const each of body.statements) visit(each, false);
  return placed;
}

/** Puts lines in the place of a statement, in braces where it is a branch; `undefined` where a comment stands in the way. */
export function writingInstead(driver: Driver, file: string, { statement, isBranch }: Placed, lines: readonly string[]): Edit | undefined {
  const indent = indentAt(driver, file, statement.span.start);
  if (indent === undefined) return undefined;
  if (!isBranch || lines.length === 1) return { file, span: statement.span, newText: lines.join(`\n${indent}`) };
  const before = driver.ownText.slice(0, statement.span.start).trimEnd();
  if (!/(?:\)|\belse)$/.test(before)) return undefined;
  const outer = indent.replace(/\t$/, '');
  return { file, span: { start: before.length, end: statement.span.end }, newText: ` {\n${indent}${lines.join(`\n${indent}`)}\n${outer}}` };
}
