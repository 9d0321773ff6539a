/**
 * When all programs of a scenario are gone, whatever they did to the driver through mappings is undone: counts that it keeps are what
 * they were before. One that is lower was given back more often than taken: another user's reference went with it. One that went up
 * and down and is higher keeps something for ever. Reads counts and statements; changes nothing.
 */
import type { Action } from '../scenario/model.ts';
import type { Balance, Changed } from '../world/balance.ts';

/** Statements after which a count may well differ: they do more to a driver than opening it and mapping it. */
const lasting: ReadonlySet<Action['kind']> = new Set(['ioctl', 'pread', 'pwrite', 'unplug', 'rmmod']);

export interface NotUndone {
  readonly kind: 'refcount-underflow' | 'leak';
  readonly message: string;
}

/** What is not as it was, after programs have done no more than `actions` and all of them are gone. */
export function notUndone(balance: Balance, actions: readonly Action[]): readonly NotUndone[] {
  if (actions.some(({ kind }) => lasting.has(kind)) || !actions.some(({ kind }) => kind === 'mmap')) return [];
  return balance.changed.flatMap((changed) => problemOf(changed) ?? []);
}

function problemOf({ name, ups, downs }: Changed): NotUndone | undefined {
  if (downs > ups)
    return {
      kind: 'refcount-underflow',
      message: `All programs are gone, and \`${name}\` is ${downs - ups} lower than before they came: it went up ${times(ups)} and down ${times(downs)}. What another user holds is given back too early. Count in the open function of the vm_operations what the close function gives back.`,
    };
  if (ups > downs && downs > 0)
    return {
      kind: 'leak',
      message: `All programs are gone, and \`${name}\` is ${ups - downs} higher than before they came: it went up ${times(ups)} and down ${times(downs)}. What it counts is never given back.`,
    };
  return undefined;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
