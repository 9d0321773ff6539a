/**
 * Parses C that is no file: what `typeof` encloses, and the bodies of macros. The text is put into a function, and
 * the lowering gets the shift that makes its spans those of the file.
 */
import type { InitializerEntry, MacroDefinition, MacroMeaning, Span, Statement } from './ast.ts';
import { soundItem } from './by-grammar.ts';
import { type Concrete, childOf, namedChildren } from './concrete.ts';
import type { Grammar } from './grammar.ts';
import type { Lowering } from './lower/context.ts';
import { lowerExpression } from './lower/expressions.ts';
import { lowerBlock } from './lower/statements.ts';
import { mask } from './mask/mask.ts';
import { plainFunction } from './plain/plain.ts';
import { scan } from './scan.ts';
import type { SyntaxTarget } from './target.ts';

/** What fragments of one file share. */
export interface FragmentContext {
  readonly grammar: Grammar;
  readonly target: SyntaxTarget;
  readonly macros: readonly MacroDefinition[];
  readonly typeNames: ReadonlySet<string>;
  /** How many fragments this one is inside of. */
  readonly depth: number;
}

/** `typeof` within `typeof` that is followed. */
const maxDepth = 8;

/** Longest macro body that is parsed, in UTF-16 units; longer ones are opaque. */
const maxFragment = 65536;

const statementPrefix = 'void f(void){\n';
const statementSuffix = '\n;}';
const expressionPrefix = `${statementPrefix}(\n`;
const expressionSuffix = '\n);}';

interface Fragment {
  readonly body: Concrete;
  readonly lowering: Lowering;
}

/** Parses `text`, which begins at offset `start` of the file; `undefined` when it is not C as it stands. */
function parseFragment(context: FragmentContext, prefix: string, text: string, suffix: string, start: number): Fragment | undefined {
  if (text.length > maxFragment || context.depth > maxDepth) return undefined;
  const source = prefix + text + suffix;
  const scanned = scan(source, context.target);
  const masked = mask({ ...scanned, macros: context.macros });
  const { text: code } = masked;
  const node = plainFunction({ start: 0, text: code }) ?? soundItem(context.grammar, code);
  const body = node && childOf(node, 'body');
  if (!body) return undefined;
  return { body, lowering: newLowering({ ...context, depth: context.depth + 1 }, source, masked.marks, start - prefix.length) };
}

/** A lowering for `source`, whose offsets lie `shift` before those of the file. */
export function newLowering(context: FragmentContext, source: string, marks: Lowering['marks'], shift: number): Lowering {
  const parseExpression = (span: Span) => parseAsExpression(context, source.slice(span.start, span.end), span.start + shift);
  return { source, marks, shift, typeNames: context.typeNames, parseExpression, problems: [] };
}

function parseAsExpression(
  context: FragmentContext,
  text: string,
  start: number,
): { readonly node: Concrete; readonly lowering: Lowering } | undefined {
  const fragment = parseFragment(context, expressionPrefix, text, expressionSuffix, start);
  const [statement, ...others] = fragment ? namedChildren(fragment.body) : [];
  if (!fragment || statement?.type !== 'expression_statement' || others.length > 0) return undefined;
  const node = namedChildren(statement)[0];
  return node ? { node, lowering: fragment.lowering } : undefined;
}

/** Whether the statement takes what follows the macro as its body: only the semicolon put behind `end` closed it. */
function endsOpen(statement: Statement, end: number): boolean {
  switch (statement.kind) {
    case 'empty':
      return false;
    case 'if':
      return isBehind(statement.otherwise ?? statement.then, end);
    case 'for':
    case 'while':
    case 'iterator':
      return isBehind(statement.body, end);
    default:
      return false;
  }
}

function isBehind(body: Statement, end: number): boolean {
  return body.kind === 'empty' ? body.span.start >= end : endsOpen(body, end);
}

const listPrefix = `${statementPrefix}struct part part = {\n`;
const listSuffix = '\n};}';

/** A body that is a part of a braced list. */
function lowerEntries(context: FragmentContext, body: string, start: number): readonly InitializerEntry[] | undefined {
  if (!/^\s*(\.\s*\w+|\[[^\]]*\]|\{)/.test(body)) return undefined;
  const fragment = parseFragment(context, listPrefix, body, listSuffix, start);
  const [statement] = fragment ? lowerBlock(fragment.lowering, fragment.body).statements : [];
  if (!fragment || fragment.lowering.problems.length > 0 || statement?.kind !== 'declaration') return undefined;
  const list = statement.declarators[0]?.initializer;
  return list?.kind === 'list' && list.entries.length > 0 ? list.entries : undefined;
}

/** What the body of a macro is, when C can say it on its own. Parameters are plain names in it. */
export function lowerMacroBody(context: FragmentContext, macro: MacroDefinition): MacroMeaning {
  const start = macro.span.end - macro.body.length;
  if (macro.body.trim() === '')
    return { kind: 'statements', body: { kind: 'block', statements: [], span: { start, end: macro.span.end } } };
  const entries = lowerEntries(context, macro.body, start);
  if (entries) return { kind: 'entries', entries };
  const parsed = parseAsExpression(context, macro.body, start);
  if (parsed) {
    const expression = lowerExpression(parsed.lowering, parsed.node);
    return parsed.lowering.problems.length > 0 ? { kind: 'opaque' } : { kind: 'expression', expression };
  }
  const fragment = parseFragment(context, statementPrefix, macro.body, statementSuffix, start);
  if (!fragment) return { kind: 'opaque' };
  const body = lowerBlock(fragment.lowering, fragment.body);
  const open = body.statements.some((statement) => endsOpen(statement, macro.span.end));
  const nothing = body.statements.every((statement) => statement.kind === 'empty');
  return open || nothing || fragment.lowering.problems.length > 0 ? { kind: 'opaque' } : { kind: 'statements', body };
}
