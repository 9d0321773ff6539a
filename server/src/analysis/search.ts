/**
 * The search for values of symbols under which conditions and goals all hold. By candidates, not by proof: what the user
 * controls is tried at every boundary, what the driver holds at moderate values that fit together. A found model is
 * right by evaluation; not finding one says that no hostile call against an ordinary device was found.
 */
import type { SymbolInfo } from '../execution/term.ts';
import { Evaluator, type Model, symbolsOf } from '../execution/term-evaluate.ts';
import { type Constraint, constraint, type Domains, type Goal, type Premises } from './premises.ts';
import { candidates } from './search-candidates.ts';

export type { Goal } from './premises.ts';

/** `none`: no candidate fits; `unknown`: the budget ran out first. */
export type SearchResult = Model | 'none' | 'unknown';

const defaultBudget = 3000;
const mostSymbols = 24;
/** No set of steps. */
const found = -1;

/**
 * An assignment under which the premises hold, and all `goals`. `budget`: how many evaluations of a condition or goal may be
 * spent.
 */
export function searchModel(premises: Premises, goals: readonly Goal[], budget = defaultBudget): SearchResult {
  const wanted = goals.map((goal) => constraint(goal, true));
  if (premises.ruleOut(wanted)) return 'none';
  const constraints = [...premises.constraints, ...wanted, ...premises.given];
  const symbols = symbolsOf(...constraints.map(({ term }) => term));
  const model = new Map<string, bigint>();
  const spent = { left: budget };
  for (const component of components(constraints)) {
    const result = new Component(component, symbols, premises.domains, model, spent).solve();
    if (result !== 'found') return result;
  }
  return model;
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

/** The choice of a value for one symbol, after those of the steps before it. */
interface Step {
  readonly symbol: SymbolInfo;
  /** The constraints in which it is the last one open. */
  readonly decided: readonly Constraint[];
  /** The steps before it of whose values these constraints speak, as bits. */
  readonly leaning: number;
}

/** What an equation settles first, then what the driver holds, then what the user may choose against it; `undefined` for too many. */
function stepsOf(constraints: readonly Constraint[], symbols: ReadonlyMap<string, SymbolInfo>): readonly Step[] | undefined {
  const steps: Step[] = [];
  const stepOf = new Map<string, number>();
  const waiting = constraints.map((item) => ({ item, open: new Set(item.symbols) }));
  const users = new Map<string, (typeof waiting)[number][]>();
  for (const each of waiting)
    for (const id of each.open) {
      const known = users.get(id);
      if (known) known.push(each);
      else users.set(id, [each]);
    }
  const rankOf = (id: string): number => {
    const mine = users.get(id) ?? [];
    const isSettled = mine.some(({ item, open }) => item.term.kind === 'operation' && item.term.operator === 'eq' && open.size === 1);
    return (isSettled ? 0 : symbols.get(id)?.control === 'driver' ? 1000 : 2000) - mine.length;
  };
  if (users.size > mostSymbols) return undefined;
  for (const left = new Set(users.keys()); left.size > 0; ) {
    let best: string | undefined;
    let bestRank = Number.POSITIVE_INFINITY;
    for (const id of left) {
      const rank = rankOf(id);
      if (rank < bestRank) [best, bestRank] = [id, rank];
    }
    const symbol = best === undefined ? undefined : symbols.get(best);
    if (best === undefined || !symbol) break;
    left.delete(best);
    const decided: Constraint[] = [];
    let leaning = 0;
    for (const { item, open } of users.get(best) ?? []) {
      open.delete(best);
      if (open.size > 0) continue;
      decided.push(item);
      for (const id of item.symbols) leaning |= id === best ? 0 : 1 << (stepOf.get(id) ?? 0);
    }
    stepOf.set(best, steps.length);
    steps.push({ symbol, decided, leaning });
  }
  return steps;
}

/** Constraints that share symbols. */
class Component {
  readonly #constraints: readonly Constraint[];
  readonly #steps: readonly Step[] | undefined;
  readonly #domains: Domains;
  readonly #model: Map<string, bigint>;
  readonly #spent: { left: number };

  constructor(
    constraints: readonly Constraint[],
    symbols: ReadonlyMap<string, SymbolInfo>,
    domains: Domains,
    model: Map<string, bigint>,
    spent: { left: number },
  ) {
    this.#constraints = constraints;
    this.#steps = stepsOf(constraints, symbols);
    this.#domains = domains;
    this.#model = model;
    this.#spent = spent;
  }

  solve(): 'found' | 'none' | 'unknown' {
    if (!this.#steps) return 'unknown';
    if (this.#constraints.some((item) => item.symbols.length === 0 && !this.#holds(item))) return 'none';
    if (this.#extend(0) === found) return 'found';
    return this.#spent.left > 0 ? 'none' : 'unknown';
  }

  /** Chooses values from the step on. When there are none: the steps before, as bits, of which one must choose otherwise. */
  #extend(at: number): number {
    const step = this.#steps?.[at];
    if (!step) return found;
    const { symbol, decided } = step;
    let blamed = step.leaning;
    for (const value of candidates(symbol, decided, this.#constraints, this.#model, this.#domains.get(symbol.id))) {
      if (this.#spent.left <= 0) break;
      this.#model.set(symbol.id, value);
      if (decided.every((item) => this.#holds(item))) {
        const others = this.#extend(at + 1);
        if (others === found) return found;
        blamed |= others & ~(1 << at);
        // Whatever is chosen here, the same fails behind it.
        if ((others & (1 << at)) === 0) {
          this.#model.delete(symbol.id);
          return others;
        }
      }
      this.#model.delete(symbol.id);
    }
    return blamed;
  }

  #holds(item: Constraint): boolean {
    this.#spent.left--;
    const value = new Evaluator(this.#model).evaluate(item.term);
    return value !== undefined && (item.arithmetic === 'exact' ? value.exact : value.wrapped) !== 0n;
  }
}
