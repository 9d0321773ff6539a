/**
 * Iterator macros (`list_for_each_entry(pos, head, member)`): a loop whose next element the world finds. Where it does not
 * know, there are zero or more elements: an unknown condition, and unknown values for the position variables.
 */
import type { Statement } from '../../syntax/ast.ts';
import { store } from '../access.ts';
import type { Code, Completion, StatementCode, Target } from '../code.ts';
import { bool } from '../ctype.ts';
import { expressionText } from '../expression-text.ts';
import type { Run } from '../machine.ts';
import type { IteratorRound } from '../world.ts';
import { decide } from './condition.ts';
import { compileExpression } from './expression.ts';
import type { Scope } from './scope.ts';
import { compileStatement } from './statement.ts';
import { staying } from './staying.ts';
import { compileHavoc } from './writes.ts';

type Iterator = Extract<Statement, { kind: 'iterator' }>;

export function compileIterator(statement: Iterator, scope: Scope): StatementCode {
  const codes = statement.arguments.map((argument) => compileExpression(argument, scope));
  const body = compileStatement(statement.body, scope);
  const havoc = compileHavoc([staying(statement.body)], scope);
  const next = compileNext(statement, codes, scope);
  const iterate = (run: Run, target: Target | undefined): Completion => {
    let entered = target;
    for (let count = 1; ; count++) {
      let last = false;
      if (entered === undefined) {
        const answer = run.world.loop(run, statement.span, count);
        if (answer === 'leave') return undefined;
        last = answer === 'widen';
        if (last) havoc(run);
        run.step(statement.span);
        if (!next(run, count)) return undefined;
      }
      const completion = entered === undefined ? body.run(run) : body.enter?.(run, entered);
      entered = undefined;
      if (completion !== undefined && completion !== 'continue') return completion === 'break' ? undefined : completion;
      if (last) {
        havoc(run);
        return undefined;
      }
    }
  };
  const run = (each: Run) => iterate(each, undefined);
  return body.targets ? { run, enter: iterate, targets: body.targets } : { run };
}

/** Whether there is another element; sets the position variables. */
function compileNext(statement: Iterator, codes: readonly Code[], scope: Scope): (run: Run, count: number) => boolean {
  const { macro, span, arguments: expressions } = statement;
  const types = codes.map((code) => code.type);
  const text = `another round of ${macro}(${expressions.map(expressionText).join(', ')})`;
  const position = firstVariable(statement, codes, scope);
  return (run, count) => {
    const round: IteratorRound = {
      macro,
      arguments: expressions,
      count,
      span,
      types,
      value: (index) => codes[index]?.evaluate(run) ?? { kind: 'opaque', why: `${macro} without argument ${index + 1}` },
      place: (index) => codes[index]?.locate?.(run),
    };
    const known = run.world.iterate?.(run, round);
    if (known !== undefined) return known;
    const more = run.world.havoc(run, { object: run.assumed(text, bool), path: [] }, bool, undefined);
    if (!decide(run, more, span)) return false;
    const location = position?.locate?.(run);
    if (location) {
      const previous = location.object.cells.get(location.key);
      store(run, location, run.world.havoc(run, location, location.type, previous), span);
    }
    return true;
  };
}

/** The variable that the macro moves, as most have it: the first argument that is a local pointer or number. */
function firstVariable(statement: Iterator, codes: readonly Code[], scope: Scope): Code | undefined {
  return codes.find((code, index) => {
    const argument = statement.arguments[index];
    return argument?.kind === 'name' && scope.lookUp(argument.name) && (code.type.kind === 'pointer' || code.type.kind === 'integer');
  });
}
