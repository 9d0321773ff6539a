/** What can be done about the findings under a selection: fixes, the preferred one first, ways to look at them, and comments against them. */
import type { Finding, Fix } from '../protocol/findings.ts';
import type { Location, Range } from '../protocol/position.ts';

export interface FixAction {
  readonly finding: Finding;
  readonly fix: Fix;
  /** The first safe fix of a finding. */
  readonly preferred: boolean;
}

export function actionsAt(findings: readonly Finding[], range: Range): readonly FixAction[] {
  const actions = findings
    .filter((finding) => touches(finding.range, range))
    .flatMap((finding) => {
      const firstSafe = finding.fixes.find((fix) => fix.safe);
      return finding.fixes.map((fix) => ({ finding, fix, preferred: fix === firstSafe }));
    });
  return actions.sort((a, b) => Number(b.preferred) - Number(a.preferred));
}

/** A finding that the simulator can show. */
export interface ReplayAction {
  readonly finding: Finding;
  readonly title: string;
  readonly replay: NonNullable<Finding['replay']>;
}

/** One for each finding under the selection that a handler leads to. */
export function replaysAt(findings: readonly Finding[], range: Range): readonly ReplayAction[] {
  return findings.flatMap((finding) => {
    const { replay } = finding;
    if (!replay || !touches(finding.range, range)) return [];
    return [{ finding, replay, title: replay.scenario === undefined ? `Simulate ${replay.handler}` : 'Simulate this' }];
  });
}

/** A finding that several places make. */
export interface PlacesAction {
  readonly finding: Finding;
  readonly title: string;
  /** Those that lead to the finding in their order, and its own last. */
  readonly places: readonly Location[];
}

export function placesAt(findings: readonly Finding[], range: Range): readonly PlacesAction[] {
  return findings.flatMap((finding) => {
    if (finding.related.length === 0 || !touches(finding.range, range)) return [];
    const places = [...finding.related, finding].map((place) => ({ file: place.file, range: place.range }));
    return [{ finding, title: `Show the places of ${finding.rule}`, places }];
  });
}

/** A rule whose page can be read. */
export interface ExplainAction {
  readonly finding: Finding;
  readonly title: string;
}

/** A finding that the user may hold to be wrong. */
export interface DoubtAction {
  readonly finding: Finding;
  readonly title: string;
}

/** One for each finding under the selection; its report is made when it is asked for. */
export function doubtsAt(findings: readonly Finding[], range: Range): readonly DoubtAction[] {
  const touched = findings.filter((finding) => touches(finding.range, range));
  return touched.map((finding) => ({ finding, title: `Copy a report: ${finding.rule} is wrong here` }));
}

/** One for each rule. */
export function explainsAt(findings: readonly Finding[], range: Range): readonly ExplainAction[] {
  const touched = findings.filter((finding) => touches(finding.range, range));
  return [...new Map(touched.map((finding) => [finding.rule, finding])).values()].map((finding) => {
    return { finding, title: `Explain ${finding.rule}` };
  });
}

/** A comment that switches the rule of a finding off, for its line or for the file. */
export interface IgnoreAction {
  readonly finding: Finding;
  readonly title: string;
  /** Where a line is inserted: the start of one. */
  readonly line: number;
  readonly newText: string;
}

const reason = 'say here why the code is right';

/** For each finding of `file` under the selection, unless the comment would fall into a macro. */
export function ignoresAt(findings: readonly Finding[], file: string, range: Range, text: string): readonly IgnoreAction[] {
  const lines = text.split('\n');
  const top = lines.findIndex((line) => line.startsWith('#'));
  const isTop =
    top >= 0 &&
    lines
      .slice(0, top)
      .join('\n')
      .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
      .trim() === '';
  return findings.flatMap((finding): readonly IgnoreAction[] => {
    if (finding.file !== file || !touches(finding.range, range)) return [];
    const { line } = finding.range.start;
    const comment = `/* driver-mmap: ignore ${finding.rule} ${reason} */`;
    const indent = /^\s*/.exec(lines[line] ?? '')?.[0] ?? '';
    const isContinued = /\\\s*$/.test(lines[line - 1] ?? '');
    const here = { finding, title: `Ignore ${finding.rule} here`, line, newText: `${indent}${comment}\n` };
    const everywhere = { finding, title: `Ignore ${finding.rule} in this file`, line: top, newText: `${comment}\n` };
    return [...(isContinued ? [] : [here]), ...(isTop ? [everywhere] : [])];
  });
}

function touches(a: Range, b: Range): boolean {
  return compare(a.start, b.end) <= 0 && compare(b.start, a.end) <= 0;
}

function compare(a: Range['start'], b: Range['start']): number {
  return a.line - b.line || a.character - b.character;
}
