/** `ref-after-unlock`: mmap finds an object under a lock, drops the lock, and only then takes its reference. */

import { lockNamed } from '../analysis/known-calls.ts';
import type { CallEvent, EntryAnalysis, Path } from '../analysis/path.ts';
import { symbolsOf } from '../execution/term-evaluate.ts';
import type { MemoryObject, Value } from '../execution/value.ts';
import type { Rule } from './rule.ts';
import { countsOf } from './support/lifetime/references.ts';
import { reportOn, reportsOfMmap } from './support/reports.ts';
import { maySucceed } from './support/results/outcomes.ts';

export const refAfterUnlock: Rule = {
  name: 'ref-after-unlock',
  severity: 'error',
  summary: 'The mmap handler finds an object under a lock, and takes its reference after the lock is dropped.',
  byEntry: true,
  check({ entries }) {
    return reportsOfMmap(entries, (entry, path) => {
      const found = lateTake(entry, path);
      if (!found) return undefined;
      const { taken, dropped, lock, object } = found;
      const message = `\`${dropped.name}()\` drops \`${lock}\`, under which \`${object}\` was found, and \`${taken.name}()\` takes the reference of the mapping only afterwards: another thread can drop the last one in between, and what is mapped is freed memory. Take the reference before the lock is dropped, and give it back where the mapping fails.`;
      const related = [{ file: taken.file, span: taken.nameSpan, message: 'The reference is taken here.' }];
      return reportOn({ entry, event: dropped }, dropped.nameSpan, message, { related });
    });
  },
};

interface Late {
  readonly taken: CallEvent;
  readonly dropped: CallEvent;
  readonly lock: string;
  readonly object: string;
}

/** The first reference that a successful path takes after the lock under which it met the object. */
function lateTake(entry: EntryAnalysis, path: Path): Late | undefined {
  const counts = countsOf(path).filter(({ family }) => family !== 'module');
  for (const taken of counts) {
    const object = objectOf(taken.object);
    if (taken.direction !== 'take' || !object || /_unless_zero$|_not_zero$/.test(taken.event.name)) continue;
    // The first reference that the path takes is the one that the others stand on.
    if (
      counts.some(
        (other) =>
          other !== taken &&
          other.event.after <= taken.event.after &&
          isBefore(path, other.event, taken.event) &&
          objectOf(other.object) === object,
      )
    )
      continue;
    const dropped = dropBetween(path, object, taken.event);
    if (dropped && maySucceed(entry, path)) return { taken: taken.event, object: object.name, ...dropped };
  }
  return undefined;
}

/** A drop of the lock under which the path met the object for the first time, before the take. */
function dropBetween(
  path: Path,
  object: MemoryObject,
  taken: CallEvent,
): { readonly dropped: CallEvent; readonly lock: string } | undefined {
  const before = path.events.slice(0, path.events.indexOf(taken));
  for (const [index, dropped] of before.entries()) {
    if (dropped.kind !== 'call' || lockNamed(dropped.name)?.action !== 'drop') continue;
    const next = before[index + 1] ?? taken;
    const lock = dropped.locks.find(
      ({ name, kind }) => /^(?:mutex|spinlock|rwsem|rcu)$/.test(kind) && !next.locks.some((each) => each.name === name),
    );
    // Another lock that is held all along keeps the object too.
    if (!lock || taken.locks.some(({ name }) => dropped.locks.some((each) => each.name === name))) continue;
    const begun = before.findIndex(({ locks }) => locks.some(({ name }) => name === lock.name));
    const entered = before[begun - 1]?.after ?? 0;
    if (meets(path, before.slice(begun, index), object, entered, dropped.after) && !meets(path, before.slice(0, begun), object, 0, entered))
      return { dropped, lock: lock.name };
  }
  return undefined;
}

/** Whether the path asks something of the object, gives it to a call or gets it from one, among these events and conditions. */
function meets({ conditions }: Path, events: Path['events'], object: MemoryObject, from: number, to: number): boolean {
  const own = `${object.name}->`;
  return (
    events.some((event) => event.kind === 'call' && [event.result, ...event.arguments].some((value) => objectOf(value) === object)) ||
    conditions.slice(from, to).some(({ term }) => [...symbolsOf(term).values()].some(({ name }) => name.startsWith(own)))
  );
}

function isBefore({ events }: Path, left: CallEvent, right: CallEvent): boolean {
  return events.indexOf(left) < events.indexOf(right);
}

function objectOf(value: Value): MemoryObject | undefined {
  return value.kind === 'pointer' ? value.place.object : undefined;
}
