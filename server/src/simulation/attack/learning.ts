/**
 * Learns how the driver's ioctl commands are called: arguments are tried and changed towards what the driver compares them with,
 * as long as that leads to code which has not run before. Knows no statement but the one that it varies, and no memory.
 */
import { type Call, comparedWords, firstArguments, refined, writtenTo } from './arguments.ts';
import type { Trial } from './trial.ts';

/** A call that succeeds. */
export interface LearnedCall {
  readonly call: Call;
  /** Numbers that the driver has written into the argument: offsets, handles, sizes. */
  readonly written: readonly bigint[];
  /** The program in which it did. */
  readonly trial: Trial;
}

/** How often one argument is changed, and for how many commands that is done. */
const mostChanges = 5;
const mostLearned = 8;

export interface LearningOptions {
  readonly commands: readonly string[];
  /** Runs a program with the call in it. */
  run(call: Call): Trial;
  readonly isSpent: () => boolean;
  /** Places of the driver's code that have run, and comparisons that it has made, before any command. */
  readonly before: Trial;
}

/** The calls that succeed and lead to code of the driver that ran in no program before. */
export function learnCalls({ commands, run, isSpent, before }: LearningOptions): readonly LearnedCall[] {
  const seen = new Set<number | string>(before.run.reached);
  const known = before.run.compared;
  const learned: LearnedCall[] = [];
  const newsOf = ({ run: { compared } }: Trial): readonly string[] => [...compared].filter((pair) => !known.has(pair));
  /** Whether the trial took the driver to places of its code where it has not been, or to words that it has not compared; both are marked. */
  const isFurther = (trial: Trial, { command, argument }: Call): boolean => {
    const before = seen.size;
    for (const place of trial.run.reached) seen.add(place);
    for (const word of comparedWords(argument, newsOf(trial))) seen.add(`${command} ${word}`);
    return seen.size > before;
  };
  const keep = (call: Call, trial: Trial) => {
    const result = resultOf(trial, call.command);
    if (result?.outcome.kind === 'ok') learned.push({ call, written: result.bytes ? writtenTo(call.argument, result.bytes) : [], trial });
  };
  const isLearned = (command: string) => learned.some(({ call }) => call.command === command);
  for (const argument of firstArguments) {
    for (const command of commands) {
      if (isSpent() || learned.length >= mostLearned) return learned;
      if (isLearned(command)) continue;
      let call: Call = { command, argument };
      let trial = run(call);
      if (!isFurther(trial, call)) continue;
      keep(call, trial);
      for (let change = 0; change < mostChanges; change++) {
        const next = firstThat(refined(call.argument, newsOf(trial)), (each) => {
          if (isSpent()) return undefined;
          const other: Call = { command, argument: each };
          const found = run(other);
          return isFurther(found, other) ? { call: other, trial: found } : undefined;
        });
        if (!next) break;
        ({ call, trial } = next);
        keep(call, trial);
      }
    }
  }
  return learned;
}

/** What the first call of the command gave. */
export function resultOf({ run }: Trial, command: string) {
  return run.results.find(({ statement: { action } }) => action.kind === 'ioctl' && action.command === command)?.result;
}

function firstThat<Item, Result>(items: readonly Item[], look: (item: Item) => Result | undefined): Result | undefined {
  for (const item of items) {
    const result = look(item);
    if (result !== undefined) return result;
  }
  return undefined;
}
