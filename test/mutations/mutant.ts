/**
 * Breaks one check of a correct driver. The check is found in the syntax tree by its text, so that a mutation that does
 * not apply is a failure and never nothing. Knows C's shape; which mutants are worth making stands in the tables.
 */
import { parseVersion } from '../../server/src/kernel/version.ts';
import type { Expression, Span, Statement } from '../../server/src/syntax/ast.ts';
import { walkBlock } from '../../server/src/syntax/walk.ts';
import { readFixture } from '../support/fixture.ts';
import { syntaxFile } from '../support/grammar.ts';

/**
 * `drop`: the check is not there. `flip`: its comparison is turned round. `wrap`: the same check in arithmetic that wraps.
 * `mistake`: it compares the wrong things.
 */
export type Way = 'drop' | 'flip' | 'wrap' | 'mistake';

export interface Mutation {
  readonly way: Way;
  /** The text of an expression or statement, once in the function. */
  readonly check: string;
  /** What stands there instead, where the way does not say it. */
  readonly to?: string;
  /** The rules of which one must find it. */
  readonly finds: readonly string[];
  /** Why the mutant is as right as the original: it is left out. */
  readonly equivalent?: string;
}

export interface MutatedFunction {
  readonly file: string;
  readonly function: string;
  readonly mutations: readonly Mutation[];
}

/** What a table writes, one function for each way. */
export const drop = (check: string, ...finds: readonly string[]): Mutation => ({ way: 'drop', check, finds });
export const flip = (check: string, ...finds: readonly string[]): Mutation => ({ way: 'flip', check, finds });
export const wrap = (check: string, to: string, ...finds: readonly string[]): Mutation => ({ way: 'wrap', check, to, finds });
export const mistake = (check: string, to: string, ...finds: readonly string[]): Mutation => ({ way: 'mistake', check, to, finds });
export const equivalent = (mutation: Mutation, why: string): Mutation => ({ ...mutation, finds: [], equivalent: why });

const turned: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=', '==': '!=', '!=': '==' };

/** The driver's text with the mutation. Throws when the check is not there, or more than once: the table is wrong then. */
export async function mutate(text: string, functionName: string, mutation: Mutation): Promise<string> {
  const found = await partsOf(text, functionName, mutation.check);
  const [part] = found;
  if (!part || found.length > 1) throw new Error(`\`${mutation.check}\` stands ${found.length} times in ${functionName}()`);
  const { span, newText } = changeOf(text, part, mutation);
  return `${text.slice(0, span.start)}${newText}${text.slice(span.end)}`;
}

/** A check, and what it is a part of. */
interface Part {
  readonly span: Span;
  readonly expression?: Expression;
  /** What decides, where it is a whole `if`. */
  readonly choice?: Expression;
  /** The `if` whose whole test it is. */
  readonly test?: Statement;
  /** The `||` or `&&` of which it is one side. */
  readonly joint?: Expression & { readonly kind: 'binary' };
}

async function partsOf(text: string, functionName: string, check: string): Promise<readonly Part[]> {
  const version = parseVersion(readFixture(text).kernel);
  const file = await syntaxFile(text, version && { version, config: new Map() });
  const header = file.items.functions.find(({ name }) => name === functionName);
  if (!header) throw new Error(`no function ${functionName}`);
  const parts: Part[] = [];
  const joints = new Map<number, Expression & { readonly kind: 'binary' }>();
  const tests = new Map<number, Statement>();
  const isCheck = ({ start, end }: Span): boolean => oneLine(text.slice(start, end)) === check;
  const definition = file.lowerFunction(header);
  if (!definition) throw new Error(`${functionName}() has no body`);
  walkBlock(definition.body, {
    statement: (statement) => {
      if (statement.kind === 'if') tests.set(statement.test.span.start, statement);
      if (isCheck(statement.span))
        parts.push(statement.kind === 'if' ? { span: statement.span, choice: statement.test } : { span: statement.span });
    },
    expression: (expression) => {
      if (expression.kind === 'binary' && (expression.operator === '||' || expression.operator === '&&'))
        for (const side of [expression.left, expression.right]) joints.set(side.span.start, expression);
      if (!isCheck(expression.span)) return;
      const joint = joints.get(expression.span.start);
      const test = tests.get(expression.span.start);
      parts.push({ span: expression.span, expression, ...(joint && { joint }), ...(test && { test }) });
    },
  });
  return parts;
}

function changeOf(text: string, part: Part, mutation: Mutation): { readonly span: Span; readonly newText: string } {
  if (mutation.to !== undefined) return { span: part.span, newText: mutation.to };
  if (mutation.way === 'drop') return dropped(text, part);
  const turning = part.choice ? { span: part.choice.span, expression: part.choice } : part;
  return { span: turning.span, newText: flipped(text, turning) };
}

function dropped(text: string, { span, expression, test, joint }: Part): { readonly span: Span; readonly newText: string } {
  if (joint) {
    const other = joint.left.span.start === span.start ? joint.right : joint.left;
    return { span: joint.span, newText: text.slice(other.span.start, other.span.end) };
  }
  if (test) return { span: test.span, newText: ';' };
  if (expression) throw new Error('an expression that is no condition cannot be dropped');
  return { span, newText: ';' };
}

function flipped(text: string, { span, expression }: Part): string {
  const own = text.slice(span.start, span.end);
  const operator = expression?.kind === 'binary' ? turned[expression.operator] : undefined;
  if (expression?.kind === 'binary' && operator !== undefined) {
    const { left, right } = expression;
    return `${text.slice(left.span.start, left.span.end)} ${operator} ${text.slice(right.span.start, right.span.end)}`;
  }
  return own.startsWith('!') ? own.slice(1) : `!(${own})`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
