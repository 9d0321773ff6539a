/**
 * Counts of the driver that go up when something is taken and down when it is given back: by how much each has changed since the
 * driver was set up. When everything that programs did is undone, they are what they were. Knows no scenario and no C text.
 */
import { keyOf, placeName } from '../../execution/place.ts';
import type { MemoryObject, Place, Value } from '../../execution/value.ts';
import { numberOf } from './values.ts';

export interface Changed {
  /** As a C author would write it. */
  readonly name: string;
  readonly ups: number;
  readonly downs: number;
}

interface Count {
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
    const step = now === undefined || before === undefined ? undefined : BigInt.asIntN(32, now - before);
    const count = this.#countAt(place);
    if (step === 1n) count.ups += 1;
    else if (step === -1n) count.downs += 1;
    else count.isSet = true;
  }

  /** The counts that are not what they were. */
  get changed(): readonly Changed[] {
    const all = [...this.#counts.values()].flatMap((counts) => [...counts.values()]);
    return all.filter(({ ups, downs, isSet }) => !isSet && ups !== downs);
  }

  #countAt(place: Place): Count {
    const counts = this.#counts.get(place.object) ?? new Map<string, Count>();
    this.#counts.set(place.object, counts);
    const key = keyOf(place);
    const count = counts.get(key) ?? { name: placeName(place), ups: 0, downs: 0, isSet: false };
    counts.set(key, count);
    return count;
  }
}
