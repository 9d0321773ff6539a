/**
 * When all programs of a scenario are gone, whatever they did to the driver through mappings is undone: counts that it keeps are what
 * they were before. One that is lower was given back more often than taken: another user's reference went with it. One that went up
 * and down and is higher keeps something for ever. Where programs did more than map, they are held against programs that do the same
 * and map nothing. Reads counts and statements; changes nothing.
 */
import type { Action, Statement } from '../scenario/model.ts';
import type { Balance, Changed } from '../world/balance.ts';

/** Statements that do more to a driver than opening it and mapping it: what they change may last. */
const lasting: ReadonlySet<Action['kind']> = new Set(['ioctl', 'pread', 'pwrite']);

/** Statements after which nothing is said of counts. */
const ending: ReadonlySet<Action['kind']> = new Set(['unplug', 'rmmod']);

/** Statements that a program without mappings can do as well. */
const unmapped: ReadonlySet<Action['kind']> = new Set([
  ...['kernel', 'assume', 'driver', 'open', 'dup', 'close', 'ioctl', 'pread', 'pwrite', 'lseek', 'poll', 'fork', 'thread', 'exit'],
] as const);

export interface NotUndone {
  readonly kind: 'refcount-underflow' | 'leak';
  readonly message: string;
}

/**
 * What is not as it was, after programs have done no more than `actions` and all of them are gone. Where other calls came before
 * the first mapping, `withoutMappings` gives what the same programs change that map nothing.
 */
export function notUndone(
  balance: Pick<Balance, 'changed'>,
  actions: readonly Action[],
  withoutMappings: () => readonly Changed[],
): readonly NotUndone[] {
  const first = actions.findIndex(({ kind }) => kind === 'mmap');
  if (first < 0 || actions.some(({ kind }, index) => ending.has(kind) || (index > first && lasting.has(kind)))) return [];
  const { changed } = balance;
  if (changed.length === 0) return [];
  if (!actions.some(({ kind }) => lasting.has(kind))) return changed.flatMap((each) => problemOf(each, 'than before they came') ?? []);
  return beyond(changed, withoutMappings()).flatMap((each) => problemOf(each, 'than if they had mapped nothing') ?? []);
}

/** The statements of programs that do all the same, but map nothing. */
export function withoutMappings(statements: readonly Statement[]): readonly Statement[] {
  return statements.filter(({ action }) => unmapped.has(action.kind));
}

/** What has changed by more or less than in a run without mappings. */
function beyond(changed: readonly Changed[], usual: readonly Changed[]): readonly Changed[] {
  const known = new Map(usual.map((each) => [each.id, each]));
  return changed.flatMap((each) => {
    const { ups = 0, downs = 0 } = known.get(each.id) ?? {};
    return each.ups - each.downs === ups - downs ? [] : [{ ...each, ups: each.ups - ups, downs: each.downs - downs }];
  });
}

function problemOf({ name, ups, downs }: Changed, than: string): NotUndone | undefined {
  if (name.endsWith('()')) return pairProblem(name, ups, downs);
  if (downs > ups)
    return {
      kind: 'refcount-underflow',
      message: `All programs are gone, and \`${name}\` is ${downs - ups} lower ${than}: it went up ${times(ups)} and down ${times(downs)}. What another user holds is given back too early. Count in the open function of the vm_operations what the close function gives back.`,
    };
  if (ups > downs && downs > 0)
    return {
      kind: 'leak',
      message: `All programs are gone, and \`${name}\` is ${ups - downs} higher ${than}: it went up ${times(ups)} and down ${times(downs)}. What it counts is never given back.`,
    };
  return undefined;
}

/** Of calls of other files: those that give back are named by those that take. */
function pairProblem(name: string, ups: number, downs: number): NotUndone | undefined {
  if (downs > ups && ups > 0)
    return {
      kind: 'refcount-underflow',
      message: `All programs are gone. What \`${name}\` took ${times(ups)} was given back ${times(downs)}: what another user holds is given back too early. Take in the open function of the vm_operations what the close function gives back.`,
    };
  if (ups > downs && downs > 0)
    return {
      kind: 'leak',
      message: `All programs are gone. What \`${name}\` took ${times(ups)} was given back ${times(downs)} only: the rest is never given back.`,
    };
  return undefined;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
