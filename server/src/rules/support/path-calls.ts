/** Walks the calls of all paths, and forgets repetitions: many paths lead through the same call. */
import type { CallEvent, EntryAnalysis, Path, PathEvent } from '../../analysis/path.ts';
import type { RuleContext } from '../rule.ts';

export interface PathCall {
  readonly entry: EntryAnalysis;
  readonly path: Path;
  readonly event: CallEvent;
}

/** Every call that `wanted` accepts, on every path of every entry, in the order of entries and paths. */
export function* callsOnPaths(context: RuleContext, wanted: (name: string) => boolean): Iterable<PathCall> {
  for (const entry of context.entries) {
    for (const path of entry.paths) {
      for (const event of path.events) {
        if (event.kind === 'call' && wanted(event.name)) yield { entry, path, event };
      }
    }
  }
}

/** The function of the driver that the event stands in. */
export function functionOf(event: PathEvent): string {
  return event.frames.at(-1)?.function ?? '';
}

/** Calls `report` once for each place in the text, with the first path that leads there and is accepted. */
export function oncePerPlace<T>(calls: Iterable<PathCall>, report: (call: PathCall) => T | undefined): readonly T[] {
  const done = new Map<string, T>();
  for (const call of calls) {
    const key = `${call.event.file}:${call.event.nameSpan.start}`;
    if (done.has(key)) continue;
    const result = report(call);
    if (result !== undefined) done.set(key, result);
  }
  return [...done.values()];
}
