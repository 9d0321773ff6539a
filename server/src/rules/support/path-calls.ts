/** Walks the calls of all paths, and forgets repetitions: many paths lead through the same call. */
import type { CallEvent, EntryAnalysis, Path, PathEvent } from '../../analysis/path.ts';
import type { RuleContext } from '../rule.ts';

export interface PathCall {
  readonly entry: EntryAnalysis;
  readonly path: Path;
  readonly event: CallEvent;
}

/** The calls of one entry on all of its paths, in order, and at which of these positions each name stands. */
interface Calls {
  readonly all: readonly PathCall[];
  readonly positions: ReadonlyMap<string, readonly number[]>;
}

const indexes = new WeakMap<EntryAnalysis, Calls>();

/** Every call that `wanted` accepts, on every path of every entry, in the order of entries and paths. */
export function* callsOnPaths(context: RuleContext, wanted: (name: string) => boolean): Iterable<PathCall> {
  for (const entry of context.entries) {
    const { all, positions } = callsOf(entry);
    const found = [...positions].filter(([name]) => wanted(name)).map(([, each]) => each);
    const inOrder = found.length > 1 ? found.flat().sort((left, right) => left - right) : (found[0] ?? []);
    for (const position of inOrder) {
      const call = all[position];
      if (call) yield call;
    }
  }
}

function callsOf(entry: EntryAnalysis): Calls {
  const known = indexes.get(entry);
  if (known) return known;
  const all: PathCall[] = [];
  const positions = new Map<string, number[]>();
  for (const path of entry.paths) {
    for (const event of path.events) {
      if (event.kind !== 'call') continue;
      const same = positions.get(event.name);
      if (same) same.push(all.length);
      else positions.set(event.name, [all.length]);
      all.push({ entry, path, event });
    }
  }
  const index: Calls = { all, positions };
  indexes.set(entry, index);
  return index;
}

/** The function of the driver that the event stands in. */
export function functionOf(event: PathEvent): string {
  return event.frames.at(-1)?.function ?? '';
}

/** Calls `report` once for each place in the text, with the first path that leads there and is accepted. */
export function oncePerPlace<T>(calls: Iterable<PathCall>, report: (call: PathCall) => T | undefined): readonly T[] {
  const found: T[] = [];
  const done = new Map<string, Set<number>>();
  for (const call of calls) {
    const { file, nameSpan } = call.event;
    const places = done.get(file) ?? new Set<number>();
    if (places.has(nameSpan.start)) continue;
    const result = report(call);
    if (result === undefined) continue;
    found.push(result);
    done.set(file, places.add(nameSpan.start));
  }
  return found;
}
