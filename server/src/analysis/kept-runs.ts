/**
 * Runs of the last version of a driver that an edit left as they were. A run depends on the functions that it entered, on
 * the assignments to the fields that it asked about, and on everything outside the bodies of functions; its answers to
 * branches tell it from the others. What is kept is moved to where its text is now.
 */

import type { Driver } from '../driver/model.ts';
import { type Changes, changesBetween, type Outline, outlineOf } from '../driver/outline.ts';
import type { Frame } from '../execution/world.ts';
import type { Span } from '../syntax/ast.ts';
import { ChangedFields } from './changed-fields.ts';
import type { Path, PathEvent } from './path.ts';
import { keepProvenance } from './provenance.ts';

/** What a run was given to see. */
export interface Seen {
  /** The functions that it entered, or would have if their bodies could be read. */
  readonly functions: ReadonlySet<string>;
  /** The fields whose assignments it asked for. */
  readonly fields: ReadonlySet<string>;
}

interface Kept<R> {
  readonly run: R;
  readonly seen: Seen;
}

/** For one open text: the analysis asks it before each run, and tells it of each. */
export class KeptRuns<R> {
  readonly #moved: (run: R, move: (span: Span) => Span) => R;
  #outline: Outline | undefined;
  #driver: Driver | undefined;
  #circumstances = '';
  #changed: (Seen & Pick<Changes, 'move'>) | undefined;
  readonly #fields = new ChangedFields();
  /** By the entry and the answers that the run was given. */
  #before = new Map<string, Kept<R>>();
  #now = new Map<string, Kept<R>>();
  /** By entry: what stays the same over versions that changed none of its runs. */
  #originsBefore = new Map<string, object>();
  #origins = new Map<string, object>();

  /** `moved` gives a run whose spans `move` has put where they are now. */
  constructor(moved: (run: R, move: (span: Span) => Span) => R) {
    this.#moved = moved;
  }

  /** A new version of the text begins. Under other `circumstances` nothing is kept. */
  turn(driver: Driver, circumstances: string): void {
    const outline = outlineOf(driver);
    const isSame = this.#driver?.target === driver.target && this.#circumstances === circumstances;
    const changes = this.#outline && isSame ? changesBetween(this.#outline, outline, driver) : undefined;
    if (!changes) this.#fields.forget();
    const isLowered = changes?.bodies.every(({ name }) => driver.body(name) !== undefined);
    const fields = changes && isLowered ? this.#fields.after(driver, changes.bodies) : undefined;
    if (fields && this.#driver) keepProvenance(this.#driver, driver, fields);
    this.#outline = outline;
    this.#driver = driver;
    this.#circumstances = circumstances;
    const functions = new Set(changes?.bodies.flatMap(({ name, isSame }) => (isSame ? [] : [name])));
    this.#changed = changes && fields && { functions, fields, move: changes.move };
    this.#before = this.#changed ? this.#now : new Map();
    this.#now = new Map();
    this.#originsBefore = this.#changed ? this.#origins : new Map();
    this.#origins = new Map();
  }

  /** The run of `key`, when nothing that it saw has changed. */
  get(key: string): R | undefined {
    const changed = this.#changed;
    const kept = this.#before.get(key);
    if (!changed || !kept || intersect(kept.seen.functions, changed.functions) || intersect(kept.seen.fields, changed.fields))
      return undefined;
    const run = this.#moved(kept.run, changed.move);
    this.#now.set(key, { run, seen: kept.seen });
    return run;
  }

  /** The origin of the analysis of `entry`: that of the version before when all of its runs are kept. */
  originOf(entry: string, isKept: boolean): object {
    const origin = (isKept ? this.#originsBefore.get(entry) : undefined) ?? {};
    this.#origins.set(entry, origin);
    return origin;
  }

  /** Spans do not say their file: a run through several files is not kept, for nobody knows which of its spans move. */
  keep(key: string, run: R, seen: Seen): void {
    for (const name of seen.functions) if (this.#driver?.functions.get(name)?.file !== this.#driver?.file) return;
    this.#now.set(key, { run, seen });
  }
}

function intersect(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  for (const each of others) if (some.has(each)) return true;
  return false;
}

/** The path with its spans moved. Spans inside of values (where an allocation stands) stay: nobody reads them after a run. */
export function movedPath(path: Path, move: (span: Span) => Span): Path {
  const frames = new Map<readonly Frame[], readonly Frame[]>();
  const framesOf = (stack: readonly Frame[]): readonly Frame[] => {
    const known = frames.get(stack);
    if (known) return known;
    const moved = stack.map((frame) => (frame.calledAt ? { ...frame, calledAt: move(frame.calledAt) } : frame));
    frames.set(stack, moved);
    return moved;
  };
  const eventOf = (event: PathEvent): PathEvent => {
    const locks = event.locks.length === 0 ? event.locks : event.locks.map((lock) => ({ ...lock, span: move(lock.span) }));
    const common = { span: move(event.span), frames: framesOf(event.frames), locks };
    if (event.kind !== 'call') return { ...event, ...common };
    return { ...event, ...common, nameSpan: move(event.nameSpan), argumentSpans: event.argumentSpans.map(move) };
  };
  const { outcome } = path;
  return {
    ...path,
    conditions: path.conditions.map((condition) => ({ ...condition, span: move(condition.span) })),
    events: path.events.map(eventOf),
    outcome: outcome.kind === 'stopped' ? { ...outcome, span: move(outcome.span) } : outcome,
  };
}
