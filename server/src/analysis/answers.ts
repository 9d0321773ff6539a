/**
 * Answers that were found before, by the conditions under which they were asked for: many rules ask the same of one moment, and
 * many paths lead to it by the same conditions. Knows keys and premises, and nothing of how an answer is found.
 */
import { termKey } from '../execution/term-key.ts';
import type { EntryAnalysis, Path } from './path.ts';
import { Premises } from './premises.ts';
import type { SearchResult } from './search.ts';

/** A beginning that paths share: the conditions up to here, each a step down from the root. */
interface Beginning {
  readonly next: Map<string, Beginning>;
  readonly answers: Map<string, SearchResult>;
  /** Made when the first question is asked here. */
  premises?: Premises;
}

/** What was asked of one analysis: the beginnings from none on, along each of its paths. */
interface Asked {
  readonly root: Beginning;
  readonly ways: WeakMap<Path, Beginning[]>;
}

const asked = new WeakMap<EntryAnalysis, Asked>();

/** The answer to the question `key` under the first `after` conditions of the path; `find` is called when it is not known. */
export function answerUnder(
  analysis: EntryAnalysis,
  path: Path,
  after: number,
  key: string,
  find: (premises: Premises) => SearchResult,
): SearchResult {
  const beginning = beginningOf(analysis, path, after);
  const known = beginning.answers.get(key);
  if (known !== undefined) return known;
  beginning.premises ??= premisesOf(analysis, path, after);
  const found = find(beginning.premises);
  beginning.answers.set(key, found);
  return found;
}

function premisesOf({ guarantees, domains }: EntryAnalysis, path: Path, after: number): Premises {
  return new Premises([...guarantees, ...path.conditions.slice(0, after).map(({ term }) => term)], domains);
}

function beginningOf(analysis: EntryAnalysis, path: Path, after: number): Beginning {
  const { root, ways } = askedOf(analysis);
  const way = ways.get(path) ?? [root];
  ways.set(path, way);
  let at = way[Math.min(after, way.length - 1)] ?? root;
  for (const { term } of path.conditions.slice(way.length - 1, after)) {
    const key = termKey(term);
    const known = at.next.get(key) ?? newBeginning();
    at.next.set(key, known);
    way.push(known);
    at = known;
  }
  return at;
}

function askedOf(analysis: EntryAnalysis): Asked {
  const known = asked.get(analysis) ?? { root: newBeginning(), ways: new WeakMap() };
  asked.set(analysis, known);
  return known;
}

function newBeginning(): Beginning {
  return { next: new Map(), answers: new Map() };
}
