/**
 * `({ ...; value; })`: its statements run inside an expression. A jump out of it (`return`, `goto`, `break`) unwinds to the
 * statement that it stands in, as an exception that never leaves the function.
 */
import type { Block } from '../../syntax/ast.ts';
import type { Code, Jump, StatementCode } from '../code.ts';
import { unknownType, voidType } from '../ctype.ts';
import type { Run } from '../machine.ts';
import type { Value } from '../value.ts';
import { compileBlock } from './block.ts';
import { compileExpression } from './expression.ts';
import type { Scope } from './scope.ts';

/** Unwinds from inside an expression to its statement. */
export class Escape extends Error {
  readonly jump: Jump;

  constructor(jump: Jump) {
    super('escape');
    this.jump = jump;
  }
}

const nothing: Value = { kind: 'void' };

export function compileStatementExpression(body: Block, scope: Scope): Code {
  const last = body.statements.at(-1);
  if (last?.kind !== 'expression') {
    const code = compileBlock(body, scope, scope.inner());
    scope.context.escapes++;
    return { type: voidType, evaluate: (run) => finish(code, run, () => nothing) };
  }
  // The last statement's variables are those of the block, so its value is computed in the same scope.
  const inner = scope.inner();
  const before: Block = { ...body, statements: body.statements.slice(0, -1) };
  const code = compileBlock(before, scope, inner);
  const value = compileExpression(last.expression, inner);
  if (body.statements.length > 1) scope.context.escapes++;
  return { type: value.type.kind === 'array' ? unknownType : value.type, evaluate: (run) => finish(code, run, value.evaluate) };
}

function finish(code: StatementCode, run: Run, value: (run: Run) => Value): Value {
  const completion = code.run(run);
  if (completion !== undefined) throw new Escape(completion);
  return value(run);
}
