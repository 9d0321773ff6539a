/**
 * References that an mmap handler takes from functions of other files and has still got when it fails: `foo_get()` gave it a thing, and
 * nobody gives that back with `foo_put()`. The mapping is not made, so no close function will do it later. Knows names and values of
 * calls; no scenario.
 */
import type { MemoryObject, Place, Value } from '../../execution/value.ts';
import type { ExternalCall } from '../../execution/world.ts';

/** Words of names that take, each with the one that gives back. */
const pairs: readonly (readonly [take: string, give: string])[] = [
  ['get', 'put'],
  ['lookup', 'put'],
  ['grab', 'drop'],
  ['acquire', 'release'],
];

interface Reference {
  readonly take: string;
  readonly give: string;
}

/** Begins every message about it. */
const opening = 'The mmap handler fails, and keeps what ';

/** Whether the message is of a reference that a failing handler keeps: of one that `take` gave, as `foo_get()`, where that is said. */
export function isKeptReference(message: string, take = ''): boolean {
  return message.startsWith(opening + take);
}

export class KeptReferences {
  readonly #mentions: (name: string) => boolean;
  readonly #held = new Map<MemoryObject, Reference>();
  #isMapping = false;

  /** `mentions`: whether the driver's files have the name. */
  constructor(mentions: (name: string) => boolean) {
    this.#mentions = mentions;
  }

  /** An mmap handler is about to run. */
  begin(): void {
    this.#isMapping = true;
    this.#held.clear();
  }

  /** It has failed, or not: a sentence for each reference that it keeps. */
  end(hasFailed: boolean): readonly string[] {
    const kept = hasFailed ? [...this.#held.values()] : [];
    this.#isMapping = false;
    this.#held.clear();
    return kept.map(
      ({ take, give }) =>
        `${opening}${take}() gave it: no mapping is made whose close function could give it back. Call ${give}() before the handler fails.`,
    );
  }

  /** A function of another file was called. `isForeign`: nobody knows what it does with what it gets. */
  called({ name, arguments: given }: ExternalCall, result: Value, isForeign: boolean): void {
    if (!this.#isMapping) return;
    // What is given back may be named by a struct around it, and so may what somebody else is handed.
    const isHandedOn = isForeign && given.some((value) => value.kind === 'pointer' && value.place.object.origin.kind !== 'kernel');
    for (const [object, { give }] of this.#held) if (name === give || isHandedOn) this.#held.delete(object);
    const object = objectOf(result);
    const give = object && givingNames(name).find((each) => this.#mentions(each));
    if (object && give !== undefined) this.#held.set(object, { take: name, give });
  }

  /** The driver stores a value: where others find what was taken, they may give it back. */
  stored({ object: { origin } }: Place, value: Value): void {
    const object = this.#isMapping && origin.kind !== 'local' ? objectOf(value) : undefined;
    if (object) this.#held.delete(object);
  }
}

function objectOf(value: Value): MemoryObject | undefined {
  return value.kind === 'pointer' ? value.place.object : undefined;
}

/** The names of what may give back: for `foo_entry_get_pgoff` that is `foo_entry_put_pgoff`, and `foo_entry_put`. */
function givingNames(name: string): readonly string[] {
  const words = name.split('_');
  for (const [take, give] of pairs) {
    const at = words.lastIndexOf(take);
    if (at <= 0) continue;
    const like = words.with(at, give).join('_');
    // One word is a whole subsystem, as in `dev_get_drvdata` and `dev_put`.
    return at > 1 ? [like, [...words.slice(0, at), give].join('_')] : [like];
  }
  return [];
}
