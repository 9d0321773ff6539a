/**
 * Calls of other files that take something and give it back, by their names: `foo_map(foo)` and `foo_unmap(foo)`. How often each was made
 * for the same thing, as a count that goes up and down. Knows names and values of calls; no scenario.
 */
import type { Driver } from '../../driver/model.ts';
import { keyOf } from '../../execution/place.ts';
import type { Value } from '../../execution/value.ts';
import type { ExternalCall } from '../../execution/world.ts';
import type { Changed } from './balance.ts';
import { numberOf } from './values.ts';

/** Words of the two names that tell them apart; everything else in them is the same. */
const pairs: readonly (readonly [take: string, give: string])[] = [
  ['map', 'unmap'],
  ['get', 'put'],
  ['grab', 'drop'],
  ['acquire', 'release'],
  ['pin', 'unpin'],
  ['attach', 'detach'],
  ['ref', 'unref'],
];

interface Pair {
  /** The thing that is taken. */
  readonly what: string;
  readonly take: string;
  ups: number;
  downs: number;
  /** The mmap handler has taken: what a vma has, it has by this call. */
  isOfMapping: boolean;
  /** A call has failed, or did not say that it succeeded. */
  isDoubtful: boolean;
}

/** Which operation of a mapping is running, as far as it matters. */
export type During = 'mmap' | 'open' | undefined;

export class PairedCalls {
  readonly #pairs = new Map<string, Pair>();
  /** What the open function of a vma has handed to functions that are no part of a pair: they may take it as well. */
  readonly #opened = new Set<string>();

  /** Another file's function was called and gave `result`. */
  called({ name, arguments: [first] }: ExternalCall, result: Value, during: During): void {
    const what = first && identityOf(first);
    if (what === undefined) return;
    const direction = directionOf(name);
    const id = `${direction?.take} ${what}`;
    const pair = this.#pairs.get(id) ?? { what, take: direction?.take ?? '', ups: 0, downs: 0, isOfMapping: false, isDoubtful: false };
    if (during === 'open' && pair.ups === 0) this.#opened.add(what);
    if (!direction) return;
    this.#pairs.set(id, pair);
    if (direction.isTake) pair.ups += 1;
    else pair.downs += 1;
    if (direction.isTake && during === 'mmap') pair.isOfMapping = true;
    if (result.kind === 'integer' && numberOf(result) !== 0n) pair.isDoubtful = true;
  }

  /** What mappings have taken and not given back, or given back more often. */
  get changed(): readonly Changed[] {
    return [...this.#pairs].flatMap(([id, { what, take, ups, downs, isOfMapping, isDoubtful }]) =>
      isOfMapping && !isDoubtful && !this.#opened.has(what) && ups !== downs ? [{ id, name: `${take}()`, ups, downs }] : [],
    );
  }
}

/** Which operation of a mapping the driver's function is. */
export function duringOf({ handlers }: Driver, name: string): During {
  const kind = handlers.find((each) => each.function === name)?.kind;
  return kind === 'mmap' || kind === 'open' ? kind : undefined;
}

/** The same text for the same thing: a place, or the number of a pointer that leads to nothing known. */
function identityOf(value: Value): string | undefined {
  if (value.kind === 'pointer') return `${value.place.object.id}${keyOf(value.place)}`;
  return value.kind === 'address' ? `${numberOf(value)}` : undefined;
}

/** The name of the taking call, and whether `name` is that. */
function directionOf(name: string): { readonly take: string; readonly isTake: boolean } | undefined {
  const words = name.split('_');
  for (const [take, give] of pairs) {
    const at = words.findLastIndex((word) => word === take || word === give);
    if (at >= 0) return { take: words.with(at, take).join('_'), isTake: words[at] === take };
  }
  return undefined;
}
