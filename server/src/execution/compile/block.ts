/**
 * Blocks: flat lists of statements, continued at an index after a jump. A label or `case` deeper inside is reached by
 * entering the statement that holds it. Locks and cleanups of the block are undone however it is left.
 */
import type { Block, Statement } from '../../syntax/ast.ts';
import { walkStatement } from '../../syntax/walk.ts';
import type { Completion, Goto, StatementCode, Target } from '../code.ts';
import type { Run } from '../machine.ts';
import type { Scope } from './scope.ts';
import { compileStatement } from './statement.ts';
import { Escape } from './statement-expression.ts';
import { compileHavoc } from './writes.ts';

/** `inner` is the block's own scope, inside `outer`; they are one for a function's body. */
export function compileBlock(block: Block, outer: Scope, inner: Scope): StatementCode {
  const codes = block.statements.map((statement) => compileStatement(statement, inner));
  const positions = new Map<Target, number>();
  for (const [index, code] of codes.entries()) for (const target of code.targets ?? []) positions.set(target, index);
  for (const [index, statement] of block.statements.entries()) {
    if (statement.kind === 'label') positions.set(statement.name, index);
    if (statement.kind === 'case' || statement.kind === 'default') positions.set(statement, index);
  }
  const code = listCode(codes, positions, backwardHavocs(block.statements, positions, outer));
  return block.statements.some(needsCleanup) ? cleanedUp(code) : code;
}

type Havocs = ReadonlyMap<string, (run: Run) => void>;

function listCode(codes: readonly StatementCode[], positions: ReadonlyMap<Target, number>, havocs: Havocs): StatementCode {
  const count = codes.length;
  const continueAt = (run: Run, start: number, inside: Target | undefined): Completion => {
    let at = start;
    let target = inside;
    while (at < count) {
      const code = codes[at];
      const completion = target !== undefined && code?.enter && code.targets?.has(target) ? code.enter(run, target) : code?.run(run);
      target = undefined;
      if (completion === undefined) {
        at++;
        continue;
      }
      if (typeof completion === 'string') return completion;
      const next = positions.get(completion.label);
      if (next === undefined) return completion;
      if (next <= at) jumpBack(run, completion, havocs.get(completion.label));
      target = completion.label;
      at = next;
    }
    return undefined;
  };
  const run = (each: Run): Completion => {
    for (let at = 0; at < count; at++) {
      const completion = codes[at]?.run(each);
      if (completion === undefined) continue;
      if (typeof completion === 'string') return completion;
      const next = positions.get(completion.label);
      if (next === undefined) return completion;
      if (next <= at) jumpBack(each, completion, havocs.get(completion.label));
      return continueAt(each, next, completion.label);
    }
    return undefined;
  };
  if (positions.size === 0) return { run };
  return { run, enter: (each, target) => continueAt(each, positions.get(target) ?? 0, target), targets: new Set(positions.keys()) };
}

/** A `goto` backwards is a loop: the world may widen it once, and ends the run where it wants no more of it. */
function jumpBack(run: Run, jump: Goto, havoc: ((run: Run) => void) | undefined): void {
  run.jumps ??= new Map();
  const count = (run.jumps.get(jump) ?? 0) + 1;
  if (count < 0) run.stop({ kind: 'budget', what: 'loop' });
  run.jumps.set(jump, count);
  run.step(jump.span);
  const answer = run.world.loop(run, jump.span, count);
  if (answer === 'run') return;
  if (answer === 'leave' || !havoc) run.stop({ kind: 'budget', what: 'loop' });
  run.jumps.set(jump, Number.NEGATIVE_INFINITY);
  havoc(run);
}

/** For each label that is jumped back to: what the statements from there to the last jump write. */
function backwardHavocs(statements: readonly Statement[], positions: ReadonlyMap<Target, number>, scope: Scope): Havocs {
  const havocs = new Map<string, (run: Run) => void>();
  if (![...positions.keys()].some((target) => typeof target === 'string')) return havocs;
  const lastJumps = new Map(statements.flatMap((statement, index) => labelsIn(statement).map((label) => [label, index] as const)));
  for (const [label, position] of positions) {
    const last = typeof label === 'string' ? (lastJumps.get(label) ?? -1) : -1;
    if (typeof label === 'string' && last >= position) havocs.set(label, compileHavoc(statements.slice(position, last + 1), scope));
  }
  return havocs;
}

/** The labels that a statement jumps to, wherever in it. */
function labelsIn(statement: Statement): readonly string[] {
  const labels: string[] = [];
  walkStatement(statement, {
    statement: (each) => {
      if (each.kind === 'goto') labels.push(each.label);
    },
  });
  return labels;
}

function needsCleanup(statement: Statement): boolean {
  if (statement.kind === 'guard') return statement.body === undefined;
  return statement.kind === 'declaration' && statement.declarators.some((declarator) => declarator.cleanup !== undefined);
}

/** Undoes what the statement's run put on the list of cleanups, the last first. */
export function cleanedUp(code: StatementCode): StatementCode {
  const { enter } = code;
  return {
    ...code,
    run: (run) => undoing(run, () => code.run(run)),
    ...(enter ? { enter: (run: Run, target: Target) => undoing(run, () => enter(run, target)) } : {}),
  };
}

function undoing(run: Run, body: () => Completion): Completion {
  const mark = run.cleanups.length;
  const { cleanups } = run;
  const undo = () => {
    const { returned } = run;
    while (cleanups.length > mark) cleanups.pop()?.(run);
    run.returned = returned;
  };
  let completion: Completion;
  try {
    completion = body();
  } catch (thrown) {
    if (thrown instanceof Escape) undo();
    throw thrown;
  }
  undo();
  return completion;
}
