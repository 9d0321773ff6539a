/** Replays a report's witness in the simulator. A report is proved when the simulated kernel runs into what the rule says. */
import type { Location } from '../protocol/position.ts';
import type { Trace, TraceStep } from '../protocol/trace.ts';
import type { Evidence, Place, Report, Rule } from '../rules/rule.ts';
import { simulate } from '../simulation/simulate.ts';
import type { SourceDocument } from './document.ts';

/**
 * What a program does at least, for a report whose rule has no values to show: it maps some pages or one, reads, writes,
 * unmaps, and maps them again.
 */
const plainUses = [2, 1].map((pages) => {
  const use = (name: string) =>
    `${name} = mmap len ${pages}p off 0p prot rw shared\nread ${name} expect any\nwrite ${name} expect any\nmunmap ${name}\n`;
  return `open rw\n${use('a')}${use('b')}close\n`;
});

/** The report with confidence `proved` and what proves it, or as it was when the replay shows nothing or cannot be done. */
export function proved(document: SourceDocument, rule: Rule, report: Report): Report {
  const { handler } = report;
  if (handler === undefined || !rule.provedBy) return report;
  for (const witness of report.witness === undefined ? plainUses : [report.witness]) {
    const result = simulate({ driver: document.driver, handler, scenario: witness });
    const shows = result.kind !== 'failed' && rule.provedBy.some((evidence) => showsIn(document, result.trace, evidence, report));
    if (shows) return { ...report, witness, confidence: 'proved' };
  }
  return report;
}

function showsIn(document: SourceDocument, trace: Trace, evidence: Evidence, report: Report): boolean {
  const places = [report, ...report.related];
  switch (evidence) {
    case 'expected':
      return report.witness !== undefined && trace.verdict.outcome === 'completed';
    case 'refused':
      return trace.steps.some((step) => step.kind === 'call' && / = -E[A-Z0-9]+$/.test(step.title) && isAt(document, step, [report]));
    default:
      return trace.verdict.problems.some(({ kind, step }) => {
        const at = trace.steps[step];
        if (kind !== evidence || !at) return false;
        // What the user program runs into has no line of the driver: the line has run before it.
        const isUsers = !at.location && at.stack.length === 0;
        return isUsers ? trace.steps.slice(0, step).some((before) => isAt(document, before, places)) : isAt(document, at, places);
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

function covers({ range }: Location, line: number): boolean {
  return range.start.line <= line && line <= range.end.line;
}
