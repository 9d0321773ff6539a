/**
 * Mapping calls whose error is lost: an mmap handler can return 0 after the call has failed, and a fault handler can
 * answer the fault.
 */
import type { CallEvent, EntryAnalysis, Path } from '../../../analysis/path.ts';
import * as query from '../../../analysis/query.ts';
import type { Driver } from '../../../driver/model.ts';
import { constant, type SymbolInfo } from '../../../execution/term.ts';
import { binary, compare } from '../../../execution/term-build.ts';
import { symbolsOf } from '../../../execution/term-evaluate.ts';
import { flagValue } from '../../../kernel/lookup.ts';
import type { KernelVersion } from '../../../kernel/version.ts';
import type { Expression, Statement } from '../../../syntax/ast.ts';
import { walkBlock, walkStatement } from '../../../syntax/walk.ts';
import type { RuleContext } from '../../rule.ts';
import { faultKinds } from '../kinds.ts';
import { mappingCall } from '../mapping-calls.ts';
import { callsOnPaths, functionOf, type PathCall } from '../path-calls.ts';
import { returnedTerm } from './outcomes.ts';

/** `seen`: the driver looks at the result and returns 0 all the same; otherwise nobody looks at it. */
export function* lostErrors(context: RuleContext, seen: boolean): Iterable<PathCall> {
  for (const call of callsOnPaths(context, (name) => mappingCall(name) !== undefined)) {
    const { entry, path, event } = call;
    if (entry.entry.handler?.kind !== 'mmap' || !isFollowed(context.driver, event, seen)) continue;
    const result = event.result.kind === 'integer' && event.result.type.signed ? event.result : undefined;
    const symbol = result?.term.kind === 'symbol' ? result.term.symbol : undefined;
    if (!result || !symbol || isSeen(path, symbol) !== seen || (seen && !isLastMapping(call))) continue;
    const failed = query.computed(compare('lt', result.type, result.term, constant(0)));
    if (!mayJump(path, event) && returnsZero(entry, path, failed)) yield call;
  }
}

/**
 * Calls of fault handlers whose result is thrown away, on paths that answer VM_FAULT_NOPAGE. One of several on a path is
 * left alone, and one in a loop: a handler that maps the neighbours as well may well ignore whether they come.
 */
export function* lostFaultErrors(context: RuleContext): Iterable<PathCall> {
  const { version } = context.driver.target;
  for (const call of callsOnPaths(context, (name) => mappingCall(name) !== undefined)) {
    const { entry, path, event } = call;
    const kind = entry.entry.handler?.kind;
    if (!kind || !faultKinds.has(kind) || event.iteration !== undefined || path.doubts.length > 0) continue;
    const isOnly = path.events.every((each) => each === event || each.kind !== 'call' || mappingCall(each.name) === undefined);
    if (isOnly && answersFault(entry, path, version) && isDropped(context.driver, event)) yield call;
  }
}

/** Whether the path can end with VM_FAULT_NOPAGE and without an error bit. */
function answersFault(entry: EntryAnalysis, path: Path, version: KernelVersion): boolean {
  const { outcome } = path;
  const noPage = flagValue('VM_FAULT_NOPAGE', version);
  const bits = noPage === undefined ? undefined : noPage | (flagValue('VM_FAULT_ERROR', version) ?? 0n);
  if (outcome.kind !== 'returned' || outcome.value.kind !== 'integer' || noPage === undefined || bits === undefined) return false;
  const { type, term } = outcome.value;
  const answered = query.computed(compare('eq', type, binary('and', type, term, constant(bits)), constant(noPage)));
  return typeof query.findModel(entry, path, path.conditions.length, [answered]) !== 'string';
}

/** In a loop, what a result does to later rounds is not followed: it must end the loop in the first one, or be thrown away at once. */
function isFollowed(driver: Driver, event: CallEvent, seen: boolean): boolean {
  return event.iteration === undefined || (seen ? event.iteration === 1 : isDropped(driver, event));
}

/** Whether the call is a statement of its own, or the next round of its loop overwrites what it gave, which nothing in the loop reads. */
function isDropped(driver: Driver, event: CallEvent): boolean {
  const { file, nameSpan } = event;
  const name = functionOf(event);
  const body = driver.body(name)?.body;
  if (!body || driver.functions.get(name)?.file !== file) return false;
  let statement: Statement | undefined;
  let loop: Statement | undefined;
  walkBlock(body, {
    statement: (each) => {
      if (each.span.start > nameSpan.start || each.span.end < nameSpan.end) return;
      if (each.kind === 'expression') statement = each;
      if (each.kind === 'for' || each.kind === 'while' || each.kind === 'doWhile' || each.kind === 'iterator') loop = each;
    },
  });
  return statement?.kind === 'expression' && (statement.expression.kind === 'call' || isOverwritten(statement.expression, loop));
}

/** Whether the expression is `name = call` in the loop, and nothing else there names the variable. */
function isOverwritten(expression: Expression, loop: Statement | undefined): boolean {
  if (expression.kind !== 'assignment' || expression.operator !== '=' || expression.target.kind !== 'name' || !loop) return false;
  const { name } = expression.target;
  let uses = 0;
  walkStatement(loop, {
    expression: (each) => {
      if (each.kind === 'name' && each.name === name) uses++;
    },
  });
  return uses === 1 && expression.value.kind === 'call';
}

/** Whether anything but the call itself depends on its result. */
function isSeen(path: Path, { id }: SymbolInfo): boolean {
  const outcome = returnedTerm(path);
  const terms = [...path.conditions.map(({ term }) => term), ...(outcome ? [outcome] : [])];
  if (terms.some((term) => symbolsOf(term).has(id))) return true;
  return path.events.some(
    (event) => event.kind === 'call' && event.arguments.some((value) => value.kind === 'integer' && symbolsOf(value.term).has(id)),
  );
}

/** A macro of a header that nobody has, such as `CARD_ON_ERROR(status)`, may leave the function behind the call. */
function mayJump({ events }: Path, call: CallEvent): boolean {
  return events.slice(events.indexOf(call) + 1).some((each) => each.kind === 'call' && !each.known && jumping.test(each.name));
}

const jumping = /ON_?ERROR|GOTO|BAIL|THROW|RETURN_(?:ON|IF)/i;

/** A driver may fall back to another way to map. */
function isLastMapping({ path, event }: PathCall): boolean {
  const last = path.events.findLast((each) => each.kind === 'call' && mappingCall(each.name) !== undefined);
  return last === event;
}

function returnsZero(entry: EntryAnalysis, path: Path, failed: query.Goal): boolean {
  const { outcome } = path;
  if (outcome.kind !== 'returned' || outcome.value.kind !== 'integer') return false;
  const zero = query.computed(compare('eq', outcome.value.type, outcome.value.term, constant(0)));
  const model = query.findModel(entry, path, path.conditions.length, [failed, zero]);
  return typeof model !== 'string';
}
