/**
 * The part of a loop's body after which another round can follow. What is written on the way out, such as the element that a
 * search has found before its `break`, was not written by the rounds before.
 */
import type { Block, Statement } from '../../syntax/ast.ts';
import { walkBlock, walkStatement } from '../../syntax/walk.ts';

/** The body without the blocks that end with leaving the loop. */
export function staying(body: Statement): Statement {
  const labels = new Set<string>();
  walkStatement(body, { statement: (each) => void (each.kind === 'label' && labels.add(each.name)) });
  return withoutLeaving(body, true, labels);
}

/** `breaks`: whether a `break` here leaves the loop, and not a loop or switch inside of it. */
function withoutLeaving(statement: Statement, breaks: boolean, labels: ReadonlySet<string>): Statement {
  const inner = (each: Statement, own = breaks) => withoutLeaving(each, own, labels);
  switch (statement.kind) {
    case 'block':
      if (leaves(statement, breaks, labels)) return { kind: 'empty', span: statement.span };
      return { ...statement, statements: statement.statements.map((each) => inner(each)) };
    case 'if': {
      const { otherwise } = statement;
      return { ...statement, then: inner(statement.then), ...(otherwise && { otherwise: inner(otherwise) }) };
    }
    case 'while':
    case 'doWhile':
    case 'for':
    case 'iterator':
    case 'switch':
      return { ...statement, body: inner(statement.body, false) };
    default:
      return statement;
  }
}

/** Whether the block runs to its end, and its end leaves the loop. */
function leaves(block: Block, breaks: boolean, labels: ReadonlySet<string>): boolean {
  const isExit = (each: Statement | undefined): boolean =>
    each?.kind === 'return' || (each?.kind === 'break' && breaks) || (each?.kind === 'goto' && !labels.has(each.label));
  if (!isExit(block.statements.at(-1))) return false;
  let stays = false;
  walkBlock(block, {
    statement: (each) => {
      stays ||= ['continue', 'label', 'case', 'default'].includes(each.kind) || (each.kind === 'goto' && labels.has(each.label));
    },
  });
  return !stays;
}
