/**
 * Answers that were found before, by the conditions under which they were asked for: many rules ask the same of one moment, and
 * many paths lead to it by the same conditions. Knows keys and premises, and nothing of how an answer is found.
 */
import type { Term } from '../execution/term.ts';
import type { EntryAnalysis, Path } from './path.ts';
import { type Goal, Premises } from './premises.ts';
import type { SearchResult } from './search.ts';

/** A beginning that paths share: the conditions up to here, each a step down from the root. */
interface Beginning {
  /** Equal conditions of the paths of an entry have the same term. */
  readonly next: Map<Term, Beginning>;
  readonly answers: Map<string, SearchResult>;
  /** By the name of what is given with them; made when the first question is asked here. */
  readonly premises: Map<string, Premises>;
}

/** Goals that follow from the conditions, and that many questions share. */
export interface Given {
  /** Tells them from other such goals under the same conditions. */
  readonly name: string;
  readonly goals: readonly Goal[];
}

/** What was asked of one analysis: the beginnings from none on, along each of its paths. */
interface Asked {
  readonly root: Beginning;
  readonly ways: WeakMap<Path, Beginning[]>;
}

const asked = new WeakMap<EntryAnalysis['origin'], Asked>();

/** The answer to the question `key`, which names what is given too, under the first `after` conditions of the path; `find` is called when it is not known. */
export function answerUnder(
  analysis: EntryAnalysis,
  path: Path,
  after: number,
  key: string,
  given: Given | undefined,
  find: (premises: Premises) => SearchResult,
): SearchResult {
  const beginning = beginningOf(analysis, path, after);
  const known = beginning.answers.get(key);
  if (known !== undefined) return known;
  const name = given?.name ?? '';
  const premises = beginning.premises.get(name) ?? premisesOf(analysis, path, after, given);
  beginning.premises.set(name, premises);
  const found = find(premises);
  beginning.answers.set(key, found);
  return found;
}

function premisesOf({ guarantees, domains }: EntryAnalysis, path: Path, after: number, given: Given | undefined): Premises {
  return new Premises([...guarantees, ...path.conditions.slice(0, after).map(({ term }) => term)], domains, given?.goals);
}

function beginningOf(analysis: EntryAnalysis, path: Path, after: number): Beginning {
  const { root, ways } = askedOf(analysis);
  const way = ways.get(path) ?? [root];
  ways.set(path, way);
  let at = way[Math.min(after, way.length - 1)] ?? root;
  for (const { term } of path.conditions.slice(way.length - 1, after)) {
    const known = at.next.get(term) ?? newBeginning();
    at.next.set(term, known);
    way.push(known);
    at = known;
  }
  return at;
}

function askedOf({ origin }: EntryAnalysis): Asked {
  const known = asked.get(origin) ?? { root: newBeginning(), ways: new WeakMap() };
  asked.set(origin, known);
  return known;
}

function newBeginning(): Beginning {
  return { next: new Map(), answers: new Map(), premises: new Map() };
}
