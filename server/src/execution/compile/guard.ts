/** `guard(class)(...)` and `scoped_guard(class, ...)`: calls of the functions that the dialect names for the class. */
import type { Statement } from '../../syntax/ast.ts';
import type { Completion, StatementCode, Target } from '../code.ts';
import type { Run } from '../machine.ts';
import { cleanedUp } from './block.ts';
import { callByName } from './call.ts';
import { compileExpression } from './expression.ts';
import { onceCode } from './loop.ts';
import type { Scope } from './scope.ts';
import { compileStatement } from './statement.ts';

export function compileGuard(statement: Extract<Statement, { kind: 'guard' }>, scope: Scope): StatementCode {
  const { span, arguments: expressions } = statement;
  const named = scope.context.compiled.dialect.guards[statement.class];
  // A class that nobody listed still tells its users that something is held: by calls named after it.
  const enterName = named?.enter ?? `guard:${statement.class}`;
  const leaveName = named?.leave ?? `unguard:${statement.class}`;
  const codes = expressions.map((expression) => ({ expression, code: compileExpression(expression, scope) }));
  const hold = (run: Run) => {
    run.step(span);
    const args = codes.map(({ expression, code }) => ({ expression, value: code.evaluate(run) }));
    callByName(run, enterName, args, span);
    run.cleanups.push((each) => void callByName(each, leaveName, args, span));
  };
  if (!statement.body) {
    return {
      run: (run) => {
        hold(run);
        return undefined;
      },
    };
  }
  // The macro is a loop that runs once: `break` leaves its body.
  const body = onceCode(compileStatement(statement.body, scope));
  const { enter } = body;
  const run = (each: Run): Completion => {
    hold(each);
    return body.run(each);
  };
  return cleanedUp({ ...body, run, ...(enter ? { enter: (each: Run, target: Target) => enter(each, target) } : {}) });
}
