/**
 * The search for values of symbols under which conditions and goals all hold. By candidates, not by proof: what the user
 * controls is tried at every boundary, what the driver holds at moderate values that fit together. A found model is
 * right by evaluation; not finding one says that no hostile call against an ordinary device was found.
 */
import type { SymbolInfo, Term } from '../execution/term.ts';
import { Evaluator, type Model, symbolsOf } from '../execution/term-evaluate.ts';
import { termKey } from '../execution/term-key.ts';
import { candidates } from './search-candidates.ts';

/** A term that shall not be 0: as the program computes it, or in true arithmetic. */
export interface Goal {
  readonly term: Term;
  readonly arithmetic: 'wrapped' | 'exact';
}

export interface SearchOptions {
  /** The only values that these symbols may take, such as the flags that mmap(2) can pass. */
  readonly domains?: ReadonlyMap<string, readonly bigint[]>;
  /** How many evaluations of a condition or goal may be spent. */
  readonly budget?: number;
}

/** `none`: no candidate fits; `unknown`: the budget ran out first. */
export type SearchResult = Model | 'none' | 'unknown';

export interface Constraint extends Goal {
  readonly symbols: readonly string[];
  /** Goals lead the choice of values for what the user controls. */
  readonly isGoal: boolean;
}

const defaultBudget = 3000;
const mostSymbols = 24;

/** An assignment under which all `conditions` hold as the program computes them, and all `goals`. */
export function searchModel(conditions: readonly Term[], goals: readonly Goal[], options: SearchOptions = {}): SearchResult {
  const symbols = symbolsOf(...conditions, ...goals.map(({ term }) => term));
  const constraints = [
    ...distinctTerms(conditions).map((term) => constraint(term, 'wrapped', false)),
    ...goals.map(({ term, arithmetic }) => constraint(term, arithmetic, true)),
  ];
  const model = new Map<string, bigint>();
  const spent = { left: options.budget ?? defaultBudget };
  for (const component of components(constraints)) {
    const result = new Component(component, symbols, options, model, spent).solve();
    if (result !== 'found') return result;
  }
  return model;
}

function constraint(term: Term, arithmetic: 'wrapped' | 'exact', isGoal: boolean): Constraint {
  return { term, arithmetic, isGoal, symbols: [...symbolsOf(term).keys()] };
}

function distinctTerms(terms: readonly Term[]): readonly Term[] {
  return [...new Map(terms.map((term) => [termKey(term), term])).values()];
}

/** Constraints that share symbols belong together; the ones with goals come first. */
function components(constraints: readonly Constraint[]): readonly (readonly Constraint[])[] {
  const groups: { constraints: Constraint[]; symbols: Set<string> }[] = [];
  for (const item of constraints) {
    const joined = { constraints: [item], symbols: new Set(item.symbols) };
    for (let i = groups.length - 1; i >= 0; i--) {
      const group = groups[i];
      if (!group || !item.symbols.some((id) => group.symbols.has(id))) continue;
      joined.constraints.unshift(...group.constraints);
      for (const id of group.symbols) joined.symbols.add(id);
      groups.splice(i, 1);
    }
    groups.push(joined);
  }
  const hasGoal = (group: { readonly constraints: readonly Constraint[] }): number =>
    group.constraints.some(({ isGoal }) => isGoal) ? 0 : 1;
  return groups.sort((left, right) => hasGoal(left) - hasGoal(right)).map((group) => group.constraints);
}

class Component {
  readonly #constraints: readonly Constraint[];
  readonly #symbols: readonly SymbolInfo[];
  readonly #options: SearchOptions;
  readonly #model: Map<string, bigint>;
  readonly #spent: { left: number };

  constructor(
    constraints: readonly Constraint[],
    symbols: ReadonlyMap<string, SymbolInfo>,
    options: SearchOptions,
    model: Map<string, bigint>,
    spent: { left: number },
  ) {
    this.#constraints = constraints;
    const ids = new Set(constraints.flatMap((item) => item.symbols));
    this.#symbols = [...ids].flatMap((id) => symbols.get(id) ?? []);
    this.#options = options;
    this.#model = model;
    this.#spent = spent;
  }

  solve(): 'found' | 'none' | 'unknown' {
    if (this.#symbols.length > mostSymbols) return 'unknown';
    if (this.#constraints.some((item) => item.symbols.length === 0 && !this.#holds(item))) return 'none';
    if (this.#extend()) return 'found';
    return this.#spent.left > 0 ? 'none' : 'unknown';
  }

  #extend(): boolean {
    const symbol = this.#next();
    if (!symbol) return true;
    const decided = this.#constraints.filter((item) => item.symbols.includes(symbol.id) && this.#open(item) === 1);
    for (const value of candidates(symbol, decided, this.#constraints, this.#model, this.#options.domains?.get(symbol.id))) {
      if (this.#spent.left <= 0) break;
      this.#model.set(symbol.id, value);
      if (decided.every((item) => this.#holds(item)) && this.#extend()) return true;
      this.#model.delete(symbol.id);
    }
    return false;
  }

  /** What an equation settles first, then what the driver holds, then what the user may choose against it. */
  #next(): SymbolInfo | undefined {
    let best: SymbolInfo | undefined;
    let bestRank = Number.POSITIVE_INFINITY;
    for (const symbol of this.#symbols) {
      if (this.#model.has(symbol.id)) continue;
      const mine = this.#constraints.filter((item) => item.symbols.includes(symbol.id));
      const settled = mine.some((item) => item.term.kind === 'operation' && item.term.operator === 'eq' && this.#open(item) === 1);
      const rank = (settled ? 0 : symbol.control === 'driver' ? 1000 : 2000) - mine.length;
      if (rank < bestRank) {
        best = symbol;
        bestRank = rank;
      }
    }
    return best;
  }

  /** How many of the constraint's symbols have no value yet. */
  #open(item: Constraint): number {
    let count = 0;
    for (const id of item.symbols) if (!this.#model.has(id)) count++;
    return count;
  }

  #holds(item: Constraint): boolean {
    this.#spent.left--;
    const value = new Evaluator(this.#model).evaluate(item.term);
    return value !== undefined && (item.arithmetic === 'exact' ? value.exact : value.wrapped) !== 0n;
  }
}
