/**
 * Equal conditions of an entry's paths as one term: runs that part late have decided most of their conditions alike, and what is
 * computed of a term once then serves all of them. Knows the identity of terms only.
 */
import type { Term } from '../execution/term.ts';
import { termKey } from '../execution/term-key.ts';
import type { Condition, Path } from './path.ts';

/** The same paths, in which equal conditions have the same term. */
export function withSharedTerms(paths: readonly Path[]): readonly Path[] {
  const terms = new Map<string, Term>();
  const shared = (condition: Condition): Condition => {
    const key = termKey(condition.term);
    const term = terms.get(key) ?? condition.term;
    terms.set(key, term);
    return term === condition.term ? condition : { ...condition, term };
  };
  return paths.map((path) => ({ ...path, conditions: path.conditions.map(shared) }));
}
