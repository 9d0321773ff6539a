/** By which elements of the driver's tables a pointer was found. */
import type { Term } from '../../../execution/term.ts';
import type { MemoryObject, Place, Value } from '../../../execution/value.ts';

/** The indexes of elements on the way to what a pointer points to. */
export function indexesOf(value: Value): readonly Term[] {
  return value.kind === 'pointer' ? indexesIn(value.place) : value.kind === 'integer' ? [value.term] : [];
}

function indexesIn(place: Place): readonly Term[] {
  const own = place.path.flatMap((step) => (step.kind === 'element' ? [step.index] : []));
  const before = (object: MemoryObject): readonly Term[] =>
    object.origin.kind === 'assumed' && object.origin.from
      ? indexesIn(object.origin.from)
      : object.origin.kind === 'allocated'
        ? object.origin.arguments.flatMap(indexesOf)
        : [];
  return [...own, ...before(place.object)];
}
