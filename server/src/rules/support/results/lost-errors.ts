/** Mapping calls of an mmap handler whose error is lost: the handler can return 0 after the call has failed. */
import type { CallEvent, EntryAnalysis, Path } from '../../../analysis/path.ts';
import * as query from '../../../analysis/query.ts';
import type { Driver } from '../../../driver/model.ts';
import { constant, type SymbolInfo } from '../../../execution/term.ts';
import { compare } from '../../../execution/term-build.ts';
import { symbolsOf } from '../../../execution/term-evaluate.ts';
import { walkBlock } from '../../../syntax/walk.ts';
import type { RuleContext } from '../../rule.ts';
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

/** In a loop, what a result does to later rounds is not followed: it must end the loop in the first one, or be thrown away at once. */
function isFollowed(driver: Driver, event: CallEvent, seen: boolean): boolean {
  return event.iteration === undefined || (seen ? event.iteration === 1 : isDropped(driver, event));
}

/** Whether the call is a statement of its own. */
function isDropped(driver: Driver, event: CallEvent): boolean {
  const { file, nameSpan } = event;
  let isDropped = false;
  const body = driver.body(functionOf(event))?.body;
  if (!body || driver.functions.get(functionOf(event))?.file !== file) return false;
  walkBlock(body, {
    statement: (each) => {
      isDropped ||= each.kind === 'expression' && each.expression.kind === 'call' && each.span.start === nameSpan.start;
    },
  });
  return isDropped;
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
