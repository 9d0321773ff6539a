/**
 * Names of objects that were reached before the driver's code had a word for them: the first variable that holds the
 * pointer names what it points to, so that users read `bell->queues` and not `file->private_data->queues`;
 * its type tells what a `void *` leads to.
 */
import type { MemoryObject, Value } from '../../execution/value.ts';

/** What the executor says once about an object, for the world to refine. */
type Refined = { -readonly [Key in 'name' | 'type']: MemoryObject[Key] };

/** Learns from a variable that holds the pointer what the object behind it is called and of what type it is. */
export function learn(value: Value, name: string): void {
  if (value.kind !== 'pointer' || value.place.path.length > 0) return;
  const { object } = value.place;
  if (object.origin.kind !== 'assumed' && object.origin.kind !== 'allocated') return;
  const refined: Refined = object;
  if (/[>().]/.test(object.name) && /^[A-Za-z_]\w*$/.test(name) && object.type.kind !== 'array') refined.name = name;
  const isUntyped = object.type.kind === 'void' || object.type.kind === 'unknown';
  if (isUntyped && value.pointee.kind === 'struct') refined.type = value.pointee;
}
