/** Replays a report's witness in the simulator. A report is proved when the simulated kernel runs into what the rule says. */
import type { Location } from '../protocol/position.ts';
import type { Trace, TraceProblem } from '../protocol/trace.ts';
import type { Place, Report, Rule } from '../rules/rule.ts';
import { simulate } from '../simulation/simulate.ts';
import type { SourceDocument } from './document.ts';

/** The report with confidence `proved`, or as it was when the replay shows nothing or cannot be done. */
export function proved(document: SourceDocument, rule: Rule, report: Report): Report {
  const { witness, handler } = report;
  if (witness === undefined || handler === undefined || !rule.provedBy) return report;
  const result = simulate({ driver: document.driver, handler, scenario: witness });
  if (result.kind === 'failed') return report;
  const { trace } = result;
  const shows = trace.verdict.problems.some(
    (problem) => rule.provedBy?.includes(problem.kind) && happensAt(document, trace, problem, [report, ...report.related]),
  );
  return shows ? { ...report, confidence: 'proved' } : report;
}

/** Whether the line that ran into the problem is one that the report speaks of: another problem proves nothing. */
function happensAt(document: SourceDocument, trace: Trace, problem: TraceProblem, places: readonly Place[]): boolean {
  const step = trace.steps[problem.step];
  const lines = [step?.location, ...(step?.stack.map((frame) => frame.location) ?? [])];
  return places.some((place) => {
    const { start } = document.rangeOf(place.file, place.span);
    return lines.some((location) => location !== undefined && location.file === place.file && covers(location, start.line));
  });
}

function covers({ range }: Location, line: number): boolean {
  return range.start.line <= line && line <= range.end.line;
}
