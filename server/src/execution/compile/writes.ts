/**
 * What a piece of text may write, found without running it, so that a widened loop can make it unknown: targets of
 * assignments, `++` and `--`, variables whose address a call takes, position variables of iterators.
 */
import type { Expression, Statement } from '../../syntax/ast.ts';
import { walkExpression, walkStatement } from '../../syntax/walk.ts';
import { store } from '../access.ts';
import { expressionText } from '../expression-text.ts';
import type { Run } from '../machine.ts';
import { forget } from '../memory.ts';
import type { Location } from '../place.ts';
import { isPlain } from './condition.ts';
import { compileExpression } from './expression.ts';
import type { Scope } from './scope.ts';

/** Makes unknown what the statements, or the expressions of a loop's head, may write; compiled in the scope around them. */
export function compileHavoc(pieces: readonly (Statement | Expression)[], scope: Scope): (run: Run) => void {
  const { targets, declared } = collect(pieces);
  const mine = [...targets.values()].filter((target) => isPlain(target) && !mentions(target, declared));
  // Plain variables first: the places of the others depend on them.
  mine.sort((a, b) => Number(a.kind !== 'name') - Number(b.kind !== 'name'));
  const each = mine.flatMap((target) => {
    const { locate } = compileExpression(arrayOf(target), scope);
    return locate ? [{ locate, whole: target.kind === 'index', span: target.span }] : [];
  });
  return (run) => {
    for (const { locate, whole, span } of each) {
      const location = locate(run);
      if (whole || location.type.kind === 'array' || location.type.kind === 'struct') forget(location, run.types.sizeOf(location.type));
      else havoc(run, location, span);
    }
  };
}

/** What the pieces may write, as it is spelled. */
export function writtenIn(pieces: readonly (Statement | Expression)[]): ReadonlySet<string> {
  return new Set(collect(pieces).targets.keys());
}

function havoc(run: Run, location: Location, span: Expression['span']): void {
  const previous = location.object.cells.get(location.key);
  store(run, location, run.world.havoc(run, location, location.type, previous), span);
}

/** Of `a[i]`, where `i` varies, the whole of `a`. */
function arrayOf(target: Expression): Expression {
  return target.kind === 'index' ? arrayOf(target.object) : target;
}

interface Written {
  readonly targets: ReadonlyMap<string, Expression>;
  /** Names declared inside: nobody outside sees them. */
  readonly declared: ReadonlySet<string>;
}

function collect(pieces: readonly (Statement | Expression)[]): Written {
  const targets = new Map<string, Expression>();
  const declared = new Set<string>();
  const add = (target: Expression) => targets.set(expressionText(target), target);
  const expression = (each: Expression) => {
    if (each.kind === 'assignment') add(each.target);
    else if (each.kind === 'update') add(each.operand);
    else if (each.kind === 'call') for (const argument of each.arguments) if (argument.kind === 'addressOf') add(argument.operand);
  };
  const statement = (each: Statement) => {
    if (each.kind === 'declaration') for (const declarator of each.declarators) declared.add(declarator.name);
    if (each.kind === 'iterator') for (const argument of each.arguments) if (argument.kind === 'name') add(argument);
  };
  const visitor = { expression, statement };
  for (const piece of pieces) {
    if (isStatement(piece)) walkStatement(piece, visitor);
    else walkExpression(piece, visitor);
  }
  return { targets, declared };
}

const statementKinds = new Set([
  'block',
  'expression',
  'declaration',
  'if',
  'while',
  'doWhile',
  'for',
  'iterator',
  'guard',
  'switch',
  'case',
  'default',
  'label',
  'goto',
  'break',
  'continue',
  'return',
  'empty',
]);

/** The kinds have no name in common but `unknown`, which writes nothing that could be named. */
function isStatement(piece: Statement | Expression): piece is Statement {
  return statementKinds.has(piece.kind);
}

function mentions(expression: Expression, names: ReadonlySet<string>): boolean {
  const found: string[] = [];
  const expressionVisitor = (each: Expression) => {
    if (each.kind === 'name' && names.has(each.name)) found.push(each.name);
  };
  walkExpression(expression, { expression: expressionVisitor });
  return found.length > 0;
}
