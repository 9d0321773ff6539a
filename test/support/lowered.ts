/** Shortcuts from C text to what lowering makes of it. */
import type { FunctionDefinition, SyntaxProblem } from '../../server/src/syntax/ast.ts';
import { describeStatement } from './describe-syntax.ts';
import { syntaxFile } from './grammar.ts';

/** The one function called `name` (or the first) of a text. Throws when there is none: the test is wrong then. */
export async function loweredFunction(text: string, name?: string): Promise<FunctionDefinition> {
  const file = await syntaxFile(text);
  const header = file.items.functions.find((candidate) => name === undefined || candidate.name === name);
  const definition = header && file.lowerFunction(header);
  if (!definition) throw new Error(`no function in ${text}`);
  return definition;
}

/** The statements of a function body, each in short text. */
export async function loweredStatements(body: string, before = ''): Promise<readonly string[]> {
  const { body: block } = await loweredFunction(`${before}\nvoid f(void)\n{\n${body}\n}\n`, 'f');
  return block.statements.map(describeStatement);
}

/** The value of `x = …;` in short text. */
export async function loweredExpression(text: string, before = ''): Promise<string> {
  const [statement] = await loweredStatements(`x = ${text};`, before);
  return statement?.replace(/^x = /, '').replace(/;$/, '') ?? '';
}

/** The problems of a function with this body. */
export async function problemsOf(body: string): Promise<readonly SyntaxProblem[]> {
  return (await loweredFunction(`void f(void)\n{\n${body}\n}\n`)).problems;
}
