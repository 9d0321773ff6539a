/** The name in the driver's text that stands for a cell: the field or the variable whose uses tell what it means. */
import type { Place } from '../../execution/value.ts';

export interface Subject {
  readonly kind: 'field' | 'variable';
  readonly name: string;
  /** The function that a local variable belongs to: others may use its name for something else. */
  readonly within?: string;
}

/** What stands for `place`: its last field, else the variable itself. */
export function subjectOf({ object, path }: Place): Subject {
  const field = path.findLast((step) => step.kind === 'field');
  if (field?.kind === 'field') return { kind: 'field', name: field.name };
  if (object.origin.kind !== 'local') return { kind: 'variable', name: object.name };
  // Written functions bear the name of the function that their expression is from: `=probe:120:`.
  const within = /^=([^:]+):/.exec(object.origin.function)?.[1] ?? object.origin.function;
  return { kind: 'variable', name: object.name, within };
}

/** What the driver calls the state that is kept in `place`: the field itself, of an `atomic_t` the one that holds it. */
export function stateName(place: Place): string {
  const own = place.path.findLast((step) => step.kind === 'field' && step.name !== 'counter');
  return own?.kind === 'field' ? own.name : place.path.length > 0 ? place.object.name : subjectOf(place).name;
}
