/** By which elements of the driver's tables memory was found. Knows places and where their objects come from. */
import type { Term } from '../execution/term.ts';
import { symbolsOf } from '../execution/term-evaluate.ts';
import type { MemoryObject, Place, Value } from '../execution/value.ts';

/** The indexes of elements on the way to what a pointer points to. */
export function indexesOf(value: Value): readonly Term[] {
  return value.kind === 'pointer' ? indexesIn(value.place) : value.kind === 'integer' ? [value.term] : [];
}

/** The indexes of the elements that the symbols of a term were read from. */
export function indexesRead(...terms: readonly Term[]): readonly Term[] {
  return [...symbolsOf(...terms).values()].flatMap(({ indexes = [] }) => indexes);
}

/** The indexes of elements on the way to a place. */
export function indexesIn(place: Place): readonly Term[] {
  const own = place.path.flatMap((step) => (step.kind === 'element' ? [step.index] : []));
  const before = (object: MemoryObject): readonly Term[] =>
    object.origin.kind === 'assumed' && object.origin.from
      ? indexesIn(object.origin.from)
      : object.origin.kind === 'allocated'
        ? object.origin.arguments.flatMap(indexesOf)
        : [];
  return [...own, ...before(place.object)];
}
