/**
 * Counts of the driver that go up when something is taken and down when it is given back: by how much each has changed since the
 * driver was set up. When everything that programs did is undone, they are what they were. Knows no scenario and no C text.
 */
import { keyOf, placeName } from '../../execution/place.ts';
import type { MemoryObject, Place, Value } from '../../execution/value.ts';
import { numberOf } from './values.ts';

export interface Changed {
  /** Tells the counts of one run apart; the same count has the same one in a run that begins alike. */
  readonly id: string;
  /** As a C author would write it. */
  readonly name: string;
  readonly ups: number;
  readonly downs: number;
}

interface Count {
  readonly id: string;
  readonly name: string;
  ups: number;
  downs: number;
  /** It was also set to something: what it was before is no measure. */
  isSet: boolean;
}

export class Balance {
  readonly #counts = new Map<MemoryObject, Map<string, Count>>();

  /** A number of the driver was written over `previous`. */
  written(place: Place, value: Value, previous: Value | undefined): void {
    const { kind } = place.object.origin;
    if (value.kind !== 'integer' || kind === 'local' || kind === 'kernel') return;
    const now = numberOf(value);
    const before = previous?.kind === 'integer' ? numberOf(previous) : undefined;
    if (now !== undefined && now === before) return;
    const { isNew, count } = this.#countAt(place);
    // The number that memory which the driver has just got begins with: nobody had anything of it before.
    const start = kind === 'allocated' && isNew && previous === undefined ? 0n : before;
    const step = now === undefined || start === undefined ? undefined : BigInt.asIntN(32, now - start);
    if (step === 1n) count.ups += 1;
    else if (step === -1n) count.downs += 1;
    else if (step !== 0n) count.isSet = true;
  }

  /** The counts that are not what they were, in memory that is still there. */
  get changed(): readonly Changed[] {
    const all = [...this.#counts].flatMap(([object, counts]) => (object.freed ? [] : [...counts.values()]));
    return all.filter(({ ups, downs, isSet }) => !isSet && ups !== downs);
  }

  #countAt(place: Place): { readonly count: Count; readonly isNew: boolean } {
    const counts = this.#counts.get(place.object) ?? new Map<string, Count>();
    this.#counts.set(place.object, counts);
    const key = keyOf(place);
    const known = counts.get(key);
    const count = known ?? { id: `${place.object.id}${key}`, name: placeName(place), ups: 0, downs: 0, isSet: false };
    counts.set(key, count);
    return { count, isNew: known === undefined };
  }
}
