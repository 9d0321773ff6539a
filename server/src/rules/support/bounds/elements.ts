/** Elements of a driver's table that the offset of the mapping chooses, read and handed on with nothing that bounds the offset. */
import type { CallEvent, Path } from '../../../analysis/path.ts';
import { placeName } from '../../../execution/place.ts';
import { symbolsOf } from '../../../execution/term-evaluate.ts';
import type { PointerValue, Value } from '../../../execution/value.ts';
import type { Report, RuleContext } from '../../rule.ts';
import { mayBeCheckedBefore } from '../checked.ts';
import { callsOnPaths, oncePerPlace, type PathCall } from '../path-calls.ts';
import { dependsOnOffset, farIndex } from '../questions.ts';
import { reportOn } from '../reports.ts';
import { indexesOf } from './indexes.ts';

/** A report on each call of an mmap handler that is given such an element. */
export function unboundedElements(context: RuleContext): readonly Report[] {
  const entries = context.entries.filter(
    ({ entry: { handler } }) => handler?.kind === 'mmap' && !mayBeCheckedBefore(context.driver, handler),
  );
  return oncePerPlace(
    callsOnPaths({ ...context, entries }, () => true),
    (call): Report | undefined => {
      const { event } = call;
      if (mayHaveChecked(call)) return undefined;
      const index = event.arguments.findIndex((value) => isUnbounded(call, value));
      const span = event.argumentSpans[index];
      return (
        span &&
        reportOn(
          call,
          span,
          'The offset of the mapping (vma->vm_pgoff) chooses this element of a table, and nothing compares it with the number of elements: a program has the driver read, and follow, what lies behind the table. Compare the number with what the table holds first.',
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
  const { entry, path, event } = call;
  if (value.kind !== 'pointer') return false;
  const indexes = indexesOf(value).filter((term) => dependsOnOffset(entry, term));
  return indexes.length > 0 && isRead(path, event, value) && indexes.some((term) => farIndex(call, term) !== undefined);
}

/** A condition on the way asks for a field of the element. */
function isRead(path: Path, event: CallEvent, value: PointerValue): boolean {
  const name = placeName(value.place);
  return path.conditions
    .slice(0, event.after)
    .some(({ term }) => [...symbolsOf(term).values()].some((symbol) => symbol.name.startsWith(name)));
}
