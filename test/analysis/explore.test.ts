/** Forking by replay: every combination of answers once, near choices first, budgets kept. */
import { describe, expect, it } from 'vitest';
import { type Decision, explore, type Replay } from '../../server/src/analysis/explore.ts';

/** A program with `count` questions; each answer is false unless the prefix says otherwise. */
function questions(count: number, distance: (index: number) => number = () => 0): (prefix: readonly boolean[]) => Replay<string> {
  return (prefix) => {
    const decisions: Decision[] = [];
    for (let i = 0; i < count; i++) decisions.push({ taken: prefix[i] ?? false, distance: distance(i) });
    return { result: decisions.map(({ taken }) => (taken ? '1' : '0')).join(''), decisions, steps: 10 };
  };
}

describe('explore', () => {
  it('sees every combination once', () => {
    const { results, complete } = explore(questions(4), { paths: 100, steps: 10_000 });
    expect(complete).toBe(true);
    expect(results).toHaveLength(16);
    expect(new Set(results).size).toBe(16);
  });

  it('sees each branch before combinations of them', () => {
    const { results, complete } = explore(questions(4), { paths: 5, steps: 10_000 });
    expect(complete).toBe(false);
    expect(results).toEqual(['0000', '1000', '0100', '0010', '0001']);
  });

  it('tries near choices first', () => {
    const { results } = explore(
      questions(4, (index) => (index === 2 ? 0 : 3)),
      { paths: 2, steps: 10_000 },
    );
    expect(results).toEqual(['0000', '0010']);
  });

  it('ends with its steps', () => {
    expect(explore(questions(10), { paths: 1000, steps: 35 }).results).toHaveLength(4);
  });
});
