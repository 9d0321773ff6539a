/**
 * What rules reported of the last version of a text that is being edited. A report depends on what its rule asked of the driver and on the
 * paths that it was given: while the answers and the paths stay as they are, so do the reports, moved to where their text is now. Knows no
 * rule.
 */
import type { EntryAnalysis } from '../analysis/path.ts';
import { type Asked, AskedDriver, carryOver, type MovePlace } from '../driver/asked-driver.ts';
import { EditedFunction } from '../driver/driver-text.ts';
import type { Driver, Handler } from '../driver/model.ts';
import { type Changes, changesBetween, type Outline, outlineOf } from '../driver/outline.ts';
import type { Report, Rule, RuleContext } from '../rules/rule.ts';

interface Kept {
  readonly reports: readonly Report[];
  readonly asked: Asked;
  /** The origins of the paths, where the rule looked at any. */
  readonly origins?: readonly object[];
}

/** For one open text, over its versions. */
export class KeptReports {
  #driver: Driver | undefined;
  #outline: Outline | undefined;
  #registered = '';
  #changes: Changes | undefined;
  #edited: readonly EditedFunction[] = [];
  /** By rule, and by the origin of the entry for rules that look at one entry at a time. */
  #before = new Map<Rule, Map<object, Kept>>();
  #now = new Map<Rule, Map<object, Kept>>();

  /** A new version of the text begins. */
  turn(driver: Driver): void {
    const outline = outlineOf(driver);
    const registered = registeredIn(driver);
    const isSame = this.#driver?.target === driver.target && this.#registered === registered;
    this.#changes = this.#outline && isSame ? changesBetween(this.#outline, outline, driver) : undefined;
    this.#edited = this.#changes ? editedFunctions(driver, this.#changes) : [];
    if (this.#driver && this.#changes) carryOver(this.#driver, driver, this.#edited, moverIn(driver.file, this.#changes));
    this.#driver = driver;
    this.#outline = outline;
    this.#registered = registered;
    this.#before = this.#changes ? this.#now : new Map();
    this.#now = new Map();
  }

  /** What the rule reports of this version. */
  reportsOf(rule: Rule, driver: Driver, entries: readonly EntryAnalysis[]): readonly Report[] {
    if (!rule.byEntry) return this.#reportsOf(rule, rule, driver, entries);
    return entries.flatMap((entry) => this.#reportsOf(rule, entry.origin, driver, [entry]));
  }

  #reportsOf(rule: Rule, subject: object, driver: Driver, entries: readonly EntryAnalysis[]): readonly Report[] {
    const kept = this.#stillTrue(this.#before.get(rule)?.get(subject), driver, entries) ?? made(rule, driver, entries);
    const now = this.#now.get(rule) ?? new Map<object, Kept>();
    this.#now.set(rule, now.set(subject, kept));
    return kept.reports;
  }

  #stillTrue(kept: Kept | undefined, driver: Driver, entries: readonly EntryAnalysis[]): Kept | undefined {
    const changes = this.#changes;
    if (!kept || !changes) return undefined;
    const { reports, asked, origins = [] } = kept;
    if (kept.origins && origins.length !== entries.length) return undefined;
    if (origins.some((origin, index) => entries[index]?.origin !== origin) || !asked.isLeftBy(this.#edited, driver)) return undefined;
    return reports.length === 0 ? kept : { ...kept, reports: reports.map((report) => movedReport(report, moverIn(driver.file, changes))) };
  }
}

function made(rule: Rule, driver: Driver, entries: readonly EntryAnalysis[]): Kept {
  const asking = new AskedDriver(driver);
  let looksAtPaths = false;
  const context: RuleContext = {
    driver: asking,
    get entries() {
      looksAtPaths = true;
      return entries;
    },
  };
  const reports = rule.check(context);
  return { reports, asked: asking.asked, ...(looksAtPaths ? { origins: entries.map(({ origin }) => origin) } : {}) };
}

function editedFunctions(driver: Driver, { bodies }: Changes): readonly EditedFunction[] {
  return bodies.map(({ name, before, after, isSame }) => {
    const header = driver.functions.get(name);
    const around = header ? { file: header.file, span: { start: header.span.start, end: header.bodySpan.start } } : undefined;
    const head = around ? driver.text.slice(around) : '';
    return new EditedFunction(name, head + before, head + after, isSame);
  });
}

/** Everything that is registered, as far as bodies of functions may have registered it. */
function registeredIn({ handlers, tables }: Driver): string {
  const lines = [
    ...handlers.map((each) =>
      [each.function, each.kind, each.slot, each.file, each.defined, each.parameter, each.registeredAt?.table].join(' '),
    ),
    ...tables.map(({ name, container, file, entries }) =>
      [name, container, file, ...entries.map((each) => `${each.slot}=${each.function}`)].join(' '),
    ),
  ];
  return lines.join('\n');
}

/** Puts what stands in `file` where it is now. */
function moverIn(file: string, { move }: Changes): MovePlace {
  return (place) => (place.file === file ? { ...place, span: move(place.span) } : place);
}

function movedReport(report: Report, move: MovePlace): Report {
  return {
    ...move(report),
    ...(report.handler && { handler: movedHandler(report.handler, move) }),
    related: report.related.map(move),
    fixes: report.fixes.map((fix) => ({ ...fix, edits: fix.edits.map(move) })),
  };
}

function movedHandler(handler: Handler, move: MovePlace): Handler {
  const { file, nameSpan, registeredAt } = handler;
  return { ...handler, nameSpan: move({ file, span: nameSpan }).span, ...(registeredAt && { registeredAt: move(registeredAt) }) };
}
