/**
 * Loops that count up by one to a number: `for (i = 0; i < count; i++)`. Where the condition has become false after a round, the
 * counter is the number, and so a search that has run to the end tells itself from one that was broken off.
 */
import type { Expression, Statement } from '../../syntax/ast.ts';
import { expressionText } from '../expression-text.ts';
import type { Run } from '../machine.ts';
import { compileAssume, isPlain } from './condition.ts';
import type { Scope } from './scope.ts';
import { staying } from './staying.ts';
import { writtenIn } from './writes.ts';

/** Tells the world that the counter has reached the number; does nothing for any other loop. */
export function compileCounted(
  test: Expression | undefined,
  step: Expression | undefined,
  body: Statement,
  scope: Scope,
): (run: Run) => void {
  if (test?.kind !== 'binary' || test.operator !== '<' || test.left.kind !== 'name' || !isPlain(test.right)) return () => {};
  const { left, right, span } = test;
  if (!step || !countsUp(step, left.name)) return () => {};
  const written = writtenIn([staying(body)]);
  if (written.has(left.name) || written.has(expressionText(right))) return () => {};
  return compileAssume({ kind: 'binary', operator: '==', left, right, span }, scope, true);
}

/** `i++`, `++i` or `i += 1`. */
function countsUp(step: Expression, counter: string): boolean {
  if (step.kind === 'update') return step.operator === '++' && step.operand.kind === 'name' && step.operand.name === counter;
  if (step.kind !== 'assignment' || step.operator !== '+=' || step.target.kind !== 'name') return false;
  return step.target.name === counter && step.value.kind === 'number' && step.value.value === 1n;
}
