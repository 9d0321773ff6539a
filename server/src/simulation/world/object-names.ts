/**
 * Names of objects that were reached before the driver's code had a word for them: the first variable that holds the
 * pointer names what it points to, so that users read `bell->queues` and not `file->private_data->queues`.
 */
import type { MemoryObject, Value } from '../../execution/value.ts';

/** Calls the object that `value` points to `name`, when it has no word of its own yet. */
export function rename(value: Value, name: string): void {
  if (value.kind !== 'pointer' || value.place.path.length > 0) return;
  const { object } = value.place;
  const isDerived = /[>().]/.test(object.name) && (object.origin.kind === 'assumed' || object.origin.kind === 'allocated');
  // The executor names an object once and never looks at the name again.
  if (isDerived && /^[A-Za-z_]\w*$/.test(name) && object.type.kind !== 'array')
    (object as { -readonly [Key in keyof MemoryObject]: MemoryObject[Key] }).name = name;
}
