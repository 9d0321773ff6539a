/** Runs the rules over a document and turns their reports into findings with positions. Knows no LSP and no files. */

import { inRange, type KernelVersion } from '../kernel/version.ts';
import type { CheckProblem, Finding, Fix, Severity } from '../protocol/findings.ts';
import { rules } from '../rules/registry.ts';
import type { Place, Report, Rule } from '../rules/rule.ts';
import { uselessIgnore } from '../rules/useless-ignore.ts';
import type { SourceDocument } from './document.ts';
import { Ignores } from './ignores.ts';
import { proved, withoutAssumptions } from './prove.ts';

export interface CheckOptions {
  /** Only these rules; absent: all. */
  readonly select?: readonly string[];
  readonly ignore?: readonly string[];
  /** `none`: only the rules that `severities` names. */
  readonly preset?: 'recommended' | 'all' | 'none';
  /** Report findings of low confidence too. */
  readonly possible?: boolean;
  /** By the name of the rule, in place of the rule's own. */
  readonly severities?: ReadonlyMap<string, Severity | 'off'>;
  /** Replay the witnesses in the simulator: what shows the problem there is `proved`, and keeps its scenario. */
  readonly prove?: boolean;
}

export interface CheckResult {
  /** In the order of the text. */
  readonly findings: readonly Finding[];
  readonly problems: readonly CheckProblem[];
}

/** All findings of the document's own file and its local headers. A rule that fails is a problem entry, and the others go on. */
export function checkDocument(document: SourceDocument, options: CheckOptions): CheckResult {
  const { driver } = document;
  const problems: CheckProblem[] = driver.problems.map((problem) => ({ file: problem.file, message: problem.message }));
  const findings: Finding[] = [];
  const ignores = new Ignores(driver);
  const ran = new Set<string>();
  const { kept } = document;
  const run = (rule: Rule, reportsOf: () => readonly Report[]) => {
    try {
      for (const report of reportsOf()) {
        if (ignores.ignores(rule, report)) continue;
        if (rule.tellsCompiling && driver.isUndecided(report.file, report.span)) continue;
        const finding = findingOf(document, rule, options.prove ? proved(document, rule, report) : report);
        const severity = options.severities?.get(rule.name) ?? finding.severity;
        findings.push(severity === 'off' ? finding : { ...finding, severity });
      }
      ran.add(rule.name);
    } catch (error) {
      problems.push({
        file: driver.file,
        message: `The rule ${rule.name} failed: ${error instanceof Error ? error.message : String(error)}`,
      });
    }
  };
  const chosen = rules.filter((rule) => isChosen(rule, driver.target.version, options));
  const { entries } = document;
  kept?.turn(driver);
  for (const rule of chosen) {
    if (rule !== uselessIgnore) run(rule, () => kept?.reportsOf(rule, driver, entries) ?? rule.check({ driver, entries }));
  }
  if (chosen.includes(uselessIgnore)) run(uselessIgnore, () => uselessIgnore.check({ driver, entries, ignores: ignores.outcomes(ran) }));
  for (const entry of entries) {
    for (const problem of entry.problems) problems.push({ file: entry.entry.file, message: problem });
  }
  const wanted = findings.filter((finding) => options.possible || options.preset === 'all' || finding.confidence !== 'possible');
  return { findings: distinct(wanted).sort(byPlace), problems };
}

function isChosen({ name, versions }: Rule, version: KernelVersion, { select, ignore, severities, preset }: CheckOptions): boolean {
  if (select && !select.includes(name)) return false;
  if (preset === 'none' && !severities?.has(name)) return false;
  return !ignore?.includes(name) && severities?.get(name) !== 'off' && (!versions || inRange(version, versions));
}

function findingOf(document: SourceDocument, rule: Rule, report: Report): Finding {
  const fixes: Fix[] = report.fixes.map((fix) => ({
    title: fix.title,
    safe: fix.safe,
    changes: fix.edits.map((edit) => ({ ...location(document, edit), newText: edit.newText })),
  }));
  const { witness } = report;
  const scenario = witness === undefined || report.confidence === 'proved' ? witness : withoutAssumptions(witness);
  return {
    rule: rule.name,
    severity: report.severity ?? rule.severity,
    confidence: report.confidence ?? 'likely',
    message: report.message,
    ...location(document, report),
    function: report.function,
    handler: report.handler && { kind: report.handler.kind, slot: report.handler.slot },
    related: report.related.map((related) => ({ ...location(document, related), message: related.message })),
    fixes,
    witness: report.confidence === 'proved' ? report.witness : undefined,
    ...(report.unproved !== undefined && { unproved: report.unproved }),
    ...(report.handler && {
      replay: { handler: report.handler.function, ...(scenario !== undefined && { scenario }) },
    }),
  };
}

function location(document: SourceDocument, place: Place): { readonly file: string; readonly range: Finding['range'] } {
  return { file: place.file, range: document.rangeOf(place.file, place.span) };
}

/** One cause, one finding: the same rule at the same place counts once, whichever handler leads there. */
function distinct(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    const { start, end } = finding.range;
    const key = [finding.rule, finding.file, start.line, start.character, end.line, end.character].join('\n');
    return !seen.has(key) && seen.add(key);
  });
}

function byPlace(a: Finding, b: Finding): number {
  return (
    compareText(a.file, b.file) ||
    a.range.start.line - b.range.start.line ||
    a.range.start.character - b.range.start.character ||
    compareText(a.rule, b.rule)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
