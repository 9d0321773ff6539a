/**
 * One pass over the text of a function along its structure, with a state that expressions change: for rules about the order of
 * what a function does, on whatever path. Loops run once; a goto ends a way, and its label takes up whatever falls through to it.
 */
import type { Block, Expression, Initializer, Statement } from '../../../syntax/ast.ts';
import { walkExpression } from '../../../syntax/walk.ts';

export interface Flow<State> {
  /** The state after an expression, whose own parts were seen before it. */
  step(expression: Expression, state: State): State;
  /** The state where two ways meet. */
  join(left: State, right: State): State;
  /** The state after a variable was declared, whose initialiser was seen before it. */
  declare?(name: string, initializer: Initializer | undefined, state: State): State;
}

/** The state at the end of the block; `undefined` where no way leads there. */
export function flowThrough<State>(block: Pick<Block, 'statements'>, start: State | undefined, flow: Flow<State>): State | undefined {
  let state = start;
  for (const statement of block.statements) {
    // A label or a case is reached from elsewhere: with what the function began with at the worst.
    if (statement.kind === 'case' || statement.kind === 'default') state = meet(state, start, flow);
    else if (state !== undefined) state = after(statement, state, flow);
  }
  return state;
}

function after<State>(statement: Statement, state: State, flow: Flow<State>): State | undefined {
  const value = (each: Expression, at: State): State => inOrder(each, at, flow);
  const inner = (each: Statement | undefined, at: State): State | undefined =>
    each === undefined ? at : each.kind === 'block' ? flowThrough(each, at, flow) : after(each, at, flow);
  switch (statement.kind) {
    case 'block':
      return flowThrough(statement, state, flow);
    case 'expression':
      return value(statement.expression, state);
    case 'declaration':
      return statement.declarators.reduce((at, { name, initializer }) => {
        const next = (initializer ? partsOf(initializer) : []).reduce((each, part) => value(part, each), at);
        return flow.declare?.(name, initializer, next) ?? next;
      }, state);
    case 'if': {
      const at = value(statement.test, state);
      return meet(inner(statement.then, at), inner(statement.otherwise, at), flow);
    }
    case 'while':
    case 'doWhile': {
      const at = value(statement.test, state);
      return meet(inner(statement.body, at), at, flow);
    }
    case 'for': {
      const begun = inner(statement.init, state) ?? state;
      const at = statement.test ? value(statement.test, begun) : begun;
      const end = inner(statement.body, at);
      return meet(end !== undefined && statement.step ? value(statement.step, end) : end, at, flow);
    }
    case 'iterator': {
      const at = statement.arguments.reduce((each, argument) => value(argument, each), state);
      return meet(inner(statement.body, at), at, flow);
    }
    case 'guard': {
      const at = statement.arguments.reduce((each, argument) => value(argument, each), state);
      return statement.body ? inner(statement.body, at) : at;
    }
    case 'switch': {
      const at = value(statement.value, state);
      return meet(inner(statement.body, at), at, flow);
    }
    case 'return':
      if (statement.value) value(statement.value, state);
      return undefined;
    case 'goto':
    case 'break':
    case 'continue':
      return undefined;
    default:
      return state;
  }
}

function meet<State>(left: State | undefined, right: State | undefined, flow: Flow<State>): State | undefined {
  return left === undefined || right === undefined ? (left ?? right) : flow.join(left, right);
}

/** The values of a list of initialisers. */
function partsOf(initializer: Initializer): readonly Expression[] {
  return initializer.kind === 'expression' ? [initializer.expression] : initializer.entries.flatMap(({ value }) => partsOf(value));
}

/** The parts of an expression, inner before outer. */
function inOrder<State>(expression: Expression, start: State, flow: Flow<State>): State {
  const parts: Expression[] = [];
  walkExpression(expression, { expression: (each) => void parts.push(each) });
  return parts.reverse().reduce((state, each) => flow.step(each, state), start);
}
