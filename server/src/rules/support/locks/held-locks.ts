/**
 * Which mutexes and semaphores a function of the driver holds at each of its calls, whatever way it takes: a lock counts
 * as held where all ways to the place have taken it. Works on the structure of functions and follows calls into others
 * of the driver; for functions that the executor does not run because they have nothing to do with mappings. A lock is a
 * class, as for lockdep: the field of a struct, or a global variable.
 */
import { lockNamed } from '../../../analysis/known-calls.ts';
import type { Driver } from '../../../driver/model.ts';
import type { Block, Expression, Statement } from '../../../syntax/ast.ts';
import { walkExpression } from '../../../syntax/walk.ts';
import type { Place } from '../../rule.ts';
import { type FunctionUses, structOf, usesOf } from '../text/uses.ts';

export type CallExpression = Extract<Expression, { readonly kind: 'call' }>;

/** Locks by class (`card.lock`), each with the call that took it. */
export type Held = ReadonlyMap<string, Place>;

/** A call by name, and what is held when it is made. */
export interface HeldCall {
  readonly name: string;
  readonly call: CallExpression;
  readonly held: Held;
  readonly uses: FunctionUses;
}

/** What a function does to the locks of its caller. */
export interface LockEffect {
  readonly takes: Held;
  readonly drops: ReadonlySet<string>;
}

const noEffect: LockEffect = { takes: new Map(), drops: new Set() };
/** Functions that call each other deeper than this take no locks for their callers. */
const deepest = 4;

export class HeldLocks {
  readonly #driver: Driver;
  readonly #effects = new Map<string, LockEffect>();
  readonly #walks = new Map<string, Walk>();

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  /** Every call by name in the function, with what the function itself holds there. */
  callsIn(name: string): readonly HeldCall[] {
    return this.#walked(name)?.calls ?? [];
  }

  /** The locks that the function takes with calls that wait for them. */
  locksIn(name: string): readonly (HeldCall & { readonly lock: string })[] {
    return this.#walked(name)?.locks ?? [];
  }

  /** The locks of its callers that the function drops somewhere. */
  dropsIn(name: string): ReadonlySet<string> {
    return this.#walked(name)?.dropped ?? new Set();
  }

  #walked(name: string): Walk | undefined {
    const uses = usesOf(this.#driver, name);
    const known = this.#walks.get(name);
    if (!uses || known) return known;
    const walk = new Walk(uses, this.#driver, (callee) => this.#effectOf(callee, 1));
    walk.run();
    this.#walks.set(name, walk);
    return walk;
  }

  #effectOf(name: string, depth: number): LockEffect {
    if (depth > deepest || !this.#driver.functions.has(name)) return noEffect;
    const known = this.#effects.get(name);
    if (known) return known;
    // A function that calls itself changes nothing for itself.
    this.#effects.set(name, noEffect);
    const uses = usesOf(this.#driver, name);
    if (!uses) return noEffect;
    const walk = new Walk(uses, this.#driver, (callee) => this.#effectOf(callee, depth + 1));
    const effect: LockEffect = { takes: walk.run() ?? new Map(), drops: walk.dropped };
    this.#effects.set(name, effect);
    return effect;
  }
}

/** One pass over a function; `undefined` stands for a place that is not reached. */
class Walk {
  readonly calls: HeldCall[] = [];
  /** Takes that wait; a try does not. */
  readonly locks: (HeldCall & { readonly lock: string })[] = [];
  /** Locks that were dropped and not taken here. */
  readonly dropped = new Set<string>();
  readonly #uses: FunctionUses;
  readonly #driver: Driver;
  readonly #effectOf: (callee: string) => LockEffect;
  readonly #labels = new Map<string, Held>();
  #breaks: (Held | undefined)[] = [];
  #returned: Held | undefined;

  constructor(uses: FunctionUses, driver: Driver, effectOf: (callee: string) => LockEffect) {
    this.#uses = uses;
    this.#driver = driver;
    this.#effectOf = effectOf;
  }

  /** What is held at the end of the function, on every way. */
  run(): Held | undefined {
    const end = this.#block(this.#uses.function.body, new Map());
    return join(end, this.#returned);
  }

  #block({ statements }: Pick<Block, 'statements'>, start: Held | undefined, entered: Held | undefined = undefined): Held | undefined {
    let held = start;
    let guarded: string[] = [];
    for (const statement of statements) {
      if (statement.kind === 'case' || statement.kind === 'default') held = join(held, entered);
      else if (statement.kind === 'label') held = join(held, this.#labels.get(statement.name));
      else if (statement.kind === 'guard' && !statement.body) {
        const lock = held && this.#guardOf(statement);
        if (held && lock) {
          held = new Map(held).set(lock.name, lock.place);
          guarded = [...guarded, lock.name];
        }
      } else held = this.#statement(statement, held);
    }
    return held && guarded.length > 0 ? new Map([...held].filter(([name]) => !guarded.includes(name))) : held;
  }

  #statement(statement: Statement, held: Held | undefined): Held | undefined {
    if (!held && statement.kind !== 'block') return this.#unreached(statement);
    const start = held ?? new Map();
    switch (statement.kind) {
      case 'block':
        return this.#block(statement, held);
      case 'expression':
        return this.#expression(statement.expression, start);
      case 'declaration':
        return statement.declarators.reduce(
          (at, { initializer }) => (initializer?.kind === 'expression' ? this.#expression(initializer.expression, at) : at),
          start,
        );
      case 'if': {
        const at = this.#expression(statement.test, start);
        return join(this.#statement(statement.then, at), statement.otherwise ? this.#statement(statement.otherwise, at) : at);
      }
      case 'while':
        return this.#loop(statement.body, this.#expression(statement.test, start));
      case 'doWhile':
        return this.#loop(statement.body, start);
      case 'for': {
        const at = statement.init ? (this.#statement(statement.init, start) ?? start) : start;
        return this.#loop(statement.body, statement.test ? this.#expression(statement.test, at) : at);
      }
      case 'iterator':
        return this.#loop(statement.body, start);
      case 'guard': {
        const lock = this.#guardOf(statement);
        if (statement.body) this.#statement(statement.body, lock ? new Map(start).set(lock.name, lock.place) : start);
        return start;
      }
      case 'switch':
        return this.#switch(statement.value, statement.body, start);
      case 'return':
        this.#returned = join(this.#returned, statement.value ? this.#expression(statement.value, start) : start);
        return undefined;
      case 'goto':
        this.#labels.set(statement.label, join(this.#labels.get(statement.label), start) ?? start);
        return undefined;
      case 'break':
        this.#breaks.push(start);
        return undefined;
      case 'continue':
        return undefined;
      default:
        return start;
    }
  }

  /** Labels inside of what is not reached from above may be reached by goto. */
  #unreached(statement: Statement): undefined {
    if (statement.kind === 'if') {
      this.#statement(statement.then, undefined);
      if (statement.otherwise) this.#statement(statement.otherwise, undefined);
    }
    return undefined;
  }

  #loop(body: Statement, start: Held): Held | undefined {
    const outer = this.#breaks;
    this.#breaks = [];
    const end = this.#statement(body, start);
    const after = this.#breaks.reduce<Held | undefined>(join, join(end, start));
    this.#breaks = outer;
    return after;
  }

  #switch(value: Expression, body: Statement, start: Held): Held | undefined {
    const outer = this.#breaks;
    this.#breaks = [];
    const at = this.#expression(value, start);
    const end = body.kind === 'block' ? this.#block(body, undefined, at) : this.#statement(body, at);
    const after = this.#breaks.reduce<Held | undefined>(join, join(end, at));
    this.#breaks = outer;
    return after;
  }

  /** The calls of an expression, inner before outer as far as the text tells. */
  #expression(expression: Expression, start: Held): Held {
    const calls: CallExpression[] = [];
    walkExpression(expression, { expression: (each) => void (each.kind === 'call' && calls.push(each)) });
    let held = start;
    for (const call of calls.reverse()) held = this.#call(call, held);
    return held;
  }

  #call(call: CallExpression, held: Held): Held {
    if (call.callee.kind !== 'name') return held;
    const { name } = call.callee;
    this.calls.push({ name, call, held, uses: this.#uses });
    const lock = lockNamed(name);
    if (!lock) return this.#apply(this.#effectOf(name), held);
    const target = call.arguments[lock.argument ?? 0];
    const own = target && this.#lockName(target);
    if (own === undefined || lock.kind === 'spinlock' || lock.kind === 'rcu') return held;
    const after = new Map(held);
    if (lock.action === 'take') {
      after.set(own, { file: this.#uses.file, span: call.span });
      if (!name.includes('trylock')) this.locks.push({ name, call, held, uses: this.#uses, lock: own });
    }
    if (lock.action === 'drop' && !after.delete(own)) this.dropped.add(own);
    return after;
  }

  #apply({ takes, drops }: LockEffect, held: Held): Held {
    if (takes.size === 0 && drops.size === 0) return held;
    const after = new Map([...held].filter(([name]) => !drops.has(name)));
    for (const name of drops) if (!held.has(name)) this.dropped.add(name);
    for (const [name, place] of takes) after.set(name, place);
    return after;
  }

  #guardOf(statement: Extract<Statement, { readonly kind: 'guard' }>): { readonly name: string; readonly place: Place } | undefined {
    const [target] = statement.arguments;
    const name = target && /^(?:mutex|rwsem_(?:read|write))/.test(statement.class) ? this.#lockName(target) : undefined;
    return name === undefined ? undefined : { name, place: { file: this.#uses.file, span: statement.span } };
  }

  /** The class of the lock that a call is given the address of; `undefined` where its struct is not in sight. */
  #lockName(target: Expression): string | undefined {
    const lock = target.kind === 'addressOf' ? target.operand : target;
    if (lock.kind === 'name') return this.#driver.variables.has(lock.name) ? lock.name : undefined;
    if (lock.kind === 'index') return this.#lockName(lock.object);
    if (lock.kind !== 'member') return undefined;
    const owner = structOf(this.#uses, this.#driver, lock.object);
    return owner === undefined ? undefined : `${owner}.${lock.field}`;
  }
}

/** What is held on both ways. */
function join(left: Held | undefined, right: Held | undefined): Held | undefined {
  if (!left || !right) return left ?? right;
  return new Map([...left].filter(([name]) => right.has(name)));
}
