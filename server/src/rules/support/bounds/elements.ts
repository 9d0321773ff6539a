/** Elements of a driver's table that the offset of the mapping chooses, read and handed on with nothing that bounds the offset. */

import { indexesIn, indexesOf, indexesRead } from '../../../analysis/indexes.ts';
import type { CallEvent, Path } from '../../../analysis/path.ts';
import { homeOf } from '../../../execution/memory.ts';
import { placeName } from '../../../execution/place.ts';
import type { Term } from '../../../execution/term.ts';
import { symbolsOf } from '../../../execution/term-evaluate.ts';
import type { PointerValue, Value } from '../../../execution/value.ts';
import type { KernelVersion } from '../../../kernel/version.ts';
import type { Report, RuleContext } from '../../rule.ts';
import { mayBeCheckedBefore } from '../checked.ts';
import { comparingIndex } from '../fixes/element-checks.ts';
import { chosenBy } from '../mapping-calls.ts';
import { callsOnPaths, functionOf, oncePerPlace, type PathCall } from '../path-calls.ts';
import { dependsOnOffset, farIndex } from '../questions.ts';
import { reportOn } from '../reports.ts';

/** A report on each call of an mmap handler that is given such an element, or maps what it names. */
export function unboundedElements(context: RuleContext): readonly Report[] {
  const entries = context.entries.filter(
    ({ entry: { handler } }) => handler?.kind === 'mmap' && !mayBeCheckedBefore(context.driver, handler),
  );
  return oncePerPlace(
    callsOnPaths({ ...context, entries }, () => true),
    (call): Report | undefined => {
      const { event } = call;
      if (mayHaveChecked(call)) return undefined;
      const given = event.arguments.findIndex((value) => isUnbounded(call, value));
      const index = given >= 0 ? given : namedByElement(call, context.driver.target.version);
      const span = index === undefined ? undefined : event.argumentSpans[index];
      return (
        span &&
        reportOn(
          call,
          span,
          'The offset of the mapping (vma->vm_pgoff) chooses this element of a table, and nothing keeps it within the table: a program has the driver read, and follow, what lies outside. Compare the number, unsigned, with what the table holds first.',
          { fixes: comparingIndex(context.driver, functionOf(event), /^\w+->vm_pgoff(?:\s*>>\s*\w+)?$/, '-EINVAL') },
        )
      );
    },
  );
}

/** Whether something unknown has decided a condition before; what the call itself may check comes too late. */
function mayHaveChecked({ path, event }: PathCall): boolean {
  return path.doubts.some(({ after }) => after < event.after);
}

function isUnbounded(call: PathCall, value: Value): boolean {
  const { path, event } = call;
  if (value.kind !== 'pointer') return false;
  const home = homeOf(value.place).object.origin;
  if (home.kind === 'assumed' && home.from && isFar(call, indexesIn(home.from))) return true;
  return isRead(path, event, value) && isFar(call, indexesOf(value));
}

/** The argument by which a mapping call is told where the memory lies, where that was read from an element of which nothing bounds the index. */
function namedByElement(call: PathCall, version: KernelVersion): number | undefined {
  const target = chosenBy(call.event, version);
  return target && isFar(call, indexesRead(...target.numbers)) ? target.index : undefined;
}

function isFar(call: PathCall, indexes: readonly Term[]): boolean {
  return indexes.some((index) => dependsOnOffset(call.entry, index) && farIndex(call, index) !== undefined);
}

/** A condition on the way asks for a field of the element. Where the pointer itself was read from one, no more is needed. */
function isRead(path: Path, event: CallEvent, value: PointerValue): boolean {
  const name = placeName(value.place);
  return path.conditions
    .slice(0, event.after)
    .some(({ term }) => [...symbolsOf(term).values()].some((symbol) => symbol.name.startsWith(name)));
}
