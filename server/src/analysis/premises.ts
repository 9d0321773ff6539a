/**
 * What holds where questions are asked, made ready once for many of them: the conditions, what they leave of the symbols'
 * ranges and domains, and a quick no to goals that these rule out. What gets a no has no model at all; all else is left to
 * the search.
 */
import type { Term } from '../execution/term.ts';
import { lnot } from '../execution/term-build.ts';
import { Evaluator, symbolsOf } from '../execution/term-evaluate.ts';
import { termKey } from '../execution/term-key.ts';
import { Ranges } from './search-ranges.ts';

/** A term that shall not be 0: as the program computes it, or in true arithmetic. */
export interface Goal {
  readonly term: Term;
  readonly arithmetic: 'wrapped' | 'exact';
}

export interface Constraint extends Goal {
  readonly symbols: readonly string[];
  /** Goals lead the choice of values for what the user controls. */
  readonly isGoal: boolean;
}

/** The values that some symbols may take, such as the flags that mmap(2) can pass; others may take all that their types hold. */
export type Domains = ReadonlyMap<string, readonly bigint[]>;

/** Passes over all constraints. What takes more of them to narrow is left to the search. */
const mostPasses = 3;

export function constraint({ term, arithmetic }: Goal, isGoal: boolean): Constraint {
  return { term, arithmetic, isGoal, symbols: [...symbolsOf(term).keys()] };
}

const known = new WeakMap<Term, Constraint>();

function conditionOf(term: Term): Constraint {
  const condition = known.get(term) ?? constraint({ term, arithmetic: 'wrapped' }, false);
  known.set(term, condition);
  return condition;
}

export class Premises {
  /** The conditions, each once. */
  readonly constraints: readonly Constraint[];
  /** Goals that all questions under these premises share; they come behind the own ones of each. */
  readonly given: readonly Constraint[];
  /** What the conditions leave of the domains. */
  readonly domains: Domains;
  readonly #all: readonly Constraint[];
  readonly #keys: ReadonlySet<string>;
  readonly #ranges: Ranges;
  readonly #isPossible: boolean;

  constructor(conditions: readonly Term[], domains: Domains = new Map(), given: readonly Goal[] = []) {
    const distinct = new Map(conditions.map((term) => [termKey(term), term]));
    this.#keys = new Set(distinct.keys());
    this.constraints = [...distinct.values()].map(conditionOf);
    this.given = given.map((goal) => constraint(goal, true));
    this.#all = [...this.constraints, ...this.given];
    this.domains = new Map([...domains].map(([id, values]) => [id, valuesLeft(this.#all, id, values)]));
    this.#ranges = new Ranges(this.domains);
    this.#isPossible = !this.#isEmptied() && narrowed(this.#ranges, this.#all, []) && !this.#contradict(this.given, this.#ranges);
  }

  /** Whether no values of the symbols satisfy the conditions and the goals; `false` where that is not plain. */
  ruleOut(goals: readonly Constraint[]): boolean {
    if (!this.#isPossible) return true;
    for (const [id, values] of this.domains) {
      const own = goals.filter((goal) => isOf(goal, id));
      if (own.length > 0 && valuesLeft(own, id, values).length === 0) return true;
    }
    const ranges = this.#ranges.copy();
    return !narrowed(ranges, goals, this.#all) || this.#contradict(goals, ranges);
  }

  /** Whether the conditions have emptied a domain. */
  #isEmptied(): boolean {
    return [...this.domains].some(([id, values]) => values.length === 0 && this.#all.some((each) => each.symbols.includes(id)));
  }

  /** Whether the opposite of a goal is a condition; in true arithmetic that counts where nothing wraps around. */
  #contradict(goals: readonly Constraint[], ranges: Ranges): boolean {
    return goals.some(({ term, arithmetic }) => {
      if (term.kind !== 'operation' || !term.comparand || this.#keys.has(termKey(term)) || !this.#keys.has(termKey(lnot(term))))
        return false;
      return arithmetic === 'wrapped' || ranges.isSure(term);
    });
  }
}

/** Narrows the ranges by the first constraints, and when these change something by all; `false` when nothing is left of one. */
function narrowed(ranges: Ranges, first: readonly Constraint[], others: readonly Constraint[]): boolean {
  let before = ranges.changes;
  if (!first.every((each) => ranges.narrow(each))) return false;
  for (let pass = 1; pass < mostPasses && ranges.changes !== before; pass++) {
    before = ranges.changes;
    if (!others.every((each) => ranges.narrow(each)) || !first.every((each) => ranges.narrow(each))) return false;
  }
  return true;
}

/** The values of one symbol that pass all that is asked of it alone. */
function valuesLeft(constraints: readonly Constraint[], id: string, values: readonly bigint[]): readonly bigint[] {
  const own = constraints.filter((each) => isOf(each, id));
  if (own.length === 0) return values;
  return values.filter((value) => {
    const evaluator = new Evaluator(new Map([[id, value]]));
    return own.every(({ term, arithmetic }) => evaluator.evaluate(term)?.[arithmetic] !== 0n);
  });
}

function isOf({ symbols }: Constraint, id: string): boolean {
  return symbols.length === 1 && symbols[0] === id;
}
