/** Forking by replay: every combination of answers once, near choices first, budgets kept, states followed once. */
import { describe, expect, it } from 'vitest';
import { type Decision, type ExploreBudget, explore, type Replay } from '../../server/src/analysis/explore.ts';

/** The state before question `index`, after the answers so far. */
type StateOf = (index: number, answers: string) => string;

/** A program with `count` questions, each in a function of its own; each answer is false unless the prefix says otherwise. */
function questions(count: number, state: StateOf = (_, answers) => answers): (prefix: readonly boolean[]) => Replay<string> {
  return (prefix) => {
    const decisions: Decision[] = [];
    let answers = '';
    for (let i = 0; i < count; i++) {
      const taken = prefix[i] ?? false;
      decisions.push({ taken, function: `f${i}`, state: state(i, answers), matters: false });
      answers += taken ? '1' : '0';
    }
    return { result: answers, decisions, steps: 10 };
  };
}

const plenty: ExploreBudget = { paths: 100, minorPaths: 100, steps: 10_000 };
const near = (): number => 0;

describe('explore', () => {
  it('sees every combination once', () => {
    const { results, complete } = explore(questions(4), plenty, near);
    expect(complete).toBe(true);
    expect(results).toHaveLength(16);
    expect(new Set(results).size).toBe(16);
  });

  it('sees each branch before combinations of them', () => {
    const { results, complete } = explore(questions(4), { ...plenty, paths: 5 }, near);
    expect(complete).toBe(false);
    expect(results).toEqual(['0000', '1000', '0100', '0010', '0001']);
  });

  it('tries near choices first', () => {
    const { results } = explore(questions(4), { ...plenty, paths: 2 }, (name) => (name === 'f2' ? 0 : 3));
    expect(results).toEqual(['0000', '0010']);
  });

  it('ends with its steps', () => {
    expect(explore(questions(10), { ...plenty, steps: 35 }, near).results).toHaveLength(4);
  });

  it('tries what is too far only while there are few runs', () => {
    const far = (name: string): number | undefined => (name === 'f0' ? 0 : undefined);
    const few = explore(questions(3), { ...plenty, minorPaths: 3 }, far);
    expect(few.results).toEqual(['000', '100', '010']);
    expect(few.complete).toBe(false);
    expect(explore(questions(3), plenty, far)).toMatchObject({ complete: true, results: { length: 8 } });
  });

  it('does not put off what matters, however far it is', () => {
    const run = (prefix: readonly boolean[]): Replay<string> => {
      const { decisions, ...rest } = questions(3)(prefix);
      return { ...rest, decisions: decisions.map((each) => ({ ...each, matters: each.function === 'f1' })) };
    };
    expect(explore(run, { ...plenty, minorPaths: 0 }, () => undefined).results).toEqual(['000', '010']);
  });

  it('follows the ways out of a state once, and others while there are few runs', () => {
    // The first answer makes no difference to what comes after it.
    const forgetful: StateOf = (index, answers) => `${index} ${answers.slice(1)}`;
    const once = explore(questions(3, forgetful), { ...plenty, minorPaths: 0 }, near);
    expect(once.results).toEqual(['000', '100', '010', '001', '011']);
    expect(once.complete).toBe(true);
    expect(explore(questions(3, forgetful), plenty, near).results).toHaveLength(8);
  });
});
