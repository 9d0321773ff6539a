/**
 * Replays a report's witness in the simulator. A report is proved when the simulated kernel runs into what the rule says; else a
 * sentence tells what came of the replay.
 */
import type { Driver, Handler } from '../driver/model.ts';
import type { Location } from '../protocol/position.ts';
import type { TraceStep } from '../protocol/trace.ts';
import type { Evidence, Place, Report, Rule } from '../rules/rule.ts';
import { replay, type Shown } from '../simulation/replay.ts';
import { reaches as reachesFunction } from '../simulation/state/reach.ts';
import type { SourceDocument } from './document.ts';
import { whyUnproved } from './unproved.ts';

/**
 * What a program does at least, for a report whose rule has no values to show: it maps some pages or one, reads, writes,
 * unmaps, and maps them again.
 */
const plainUses = [2, 1].map((pages) => {
  const use = (name: string) =>
    `${name} = mmap len ${pages}p off 0p prot rw shared\nread ${name} expect any\nwrite ${name} expect any\nmunmap ${name}\n`;
  return `open rw\n${use('a')}${use('b')}close\n`;
});

/** The scenario of a witness as it is without values that were not tried: what a person starts from. */
export function withoutAssumptions(witness: string): string {
  return witness.replace(/^assume .*\n/gm, '');
}

/** The report with confidence `proved` and what proves it, or with the reason why it is not. */
export function proved(document: SourceDocument, rule: Rule, report: Report): Report {
  const { driver } = document;
  const { provedBy } = rule;
  if (!provedBy) return report;
  const handler = report.handler ?? handlerOf(driver, report.function);
  if (!handler)
    return { ...report, unproved: `No mapping handler of these files leads to ${report.function}, so there is nothing to replay.` };
  const shows = (run: Shown): boolean => provedBy.some((evidence) => showsIn(document, run, evidence, report));
  const reaches = (run: Shown): boolean => run.steps.some((step) => isAt(document, step, [report]));
  let unproved: string | undefined;
  for (const scenario of report.witness === undefined ? (rule.shownBy ?? plainUses) : [report.witness]) {
    const shown = replay({ driver, handler, scenario, shows, reaches });
    if (shown.scenario !== undefined) return { ...report, witness: shown.scenario, confidence: 'proved' };
    if (shown.furthest) unproved ??= whyUnproved(shown.furthest, reaches(shown.furthest));
  }
  return { ...report, unproved: unproved ?? 'Its replay cannot be read as a scenario.' };
}

/** The handler of that name, or one whose run goes through the function; for a finding that no path led to. */
function handlerOf(driver: Driver, name: string): Handler | undefined {
  const defined = driver.handlers.filter((each) => each.defined);
  const byMmapFirst = [...defined.filter(({ kind }) => kind === 'mmap'), ...defined.filter(({ kind }) => kind !== 'mmap')];
  return byMmapFirst.find((each) => each.function === name) ?? byMmapFirst.find((each) => reachesFunction(driver, each.function, [name]));
}

function showsIn(document: SourceDocument, { steps, verdict }: Shown, evidence: Evidence, report: Report): boolean {
  const places = [report, ...report.related];
  switch (evidence) {
    case 'expected':
      // What else it runs into, such as an address that had to be assumed, does not change that.
      return report.witness !== undefined && verdict.outcome !== 'stopped' && verdict.failedExpectations.length === 0;
    case 'refused':
      return steps.some((step) => step.kind === 'call' && / = -E[A-Z0-9]+$/.test(step.title) && isAt(document, step, [report]));
    default:
      return verdict.problems.some(({ kind, step }) => {
        const at = steps[step];
        if (kind !== evidence || !at) return false;
        // What the user program runs into has no line of the driver: the line, or what stands around a condition, has run before it.
        const isUsers = !at.location && at.stack.length === 0;
        if (!isUsers) return isAt(document, at, places);
        return steps.slice(0, step).some((before) => isAt(document, before, places) || enters(before, report.function));
      });
  }
}

/** Whether the step ran on a line that the report speaks of: what happens elsewhere proves nothing. */
function isAt(document: SourceDocument, step: TraceStep, places: readonly Place[]): boolean {
  const lines = [step.location, ...step.stack.map((frame) => frame.location)];
  return places.some((place) => {
    const { start } = document.rangeOf(place.file, place.span);
    return lines.some((location) => location !== undefined && location.file === place.file && covers(location, start.line));
  });
}

function enters({ kind, title }: TraceStep, name: string): boolean {
  return kind === 'enter' && title.startsWith(`${name}(`);
}

function covers({ range }: Location, line: number): boolean {
  return range.start.line <= line && line <= range.end.line;
}
