/**
 * What the page shows of a trace, computed without a document: page runs of a mapping, what a step changed, where a key leads,
 * and the text twin of a step. Knows the protocol alone.
 */
import type {
  MemoryState,
  PageRun,
  ProcessState,
  PteRun,
  SourceLine,
  Trace,
  TraceStep,
  VmaState,
} from '../../../server/src/protocol/trace.ts';

const pageShift = 12n;

/** A run of equal pages in a mapping; `pte` is absent where nothing is mapped yet. */
export interface Segment {
  readonly start: string;
  /** In pages. */
  readonly length: number;
  readonly pte?: PteRun;
  readonly page?: PageRun;
  /** One letter that says the kind without colour. */
  readonly letter: string;
  readonly label: string;
}

const hex = (value: bigint): string => `0x${value.toString(16)}`;

/** `3 pages, 12 KiB (0x3000)`. */
export function sizeText(pages: number): string {
  const bytes = BigInt(pages) << pageShift;
  const units: readonly (readonly [bigint, string])[] = [
    [30n, 'GiB'],
    [20n, 'MiB'],
    [10n, 'KiB'],
  ];
  const unit = units.find(([shift]) => bytes >= 1n << shift && bytes % (1n << shift) === 0n);
  const size = unit ? `${bytes >> unit[0]} ${unit[1]}` : `${bytes} bytes`;
  return `${pages} ${pages === 1 ? 'page' : 'pages'}, ${size} (${hex(bytes)})`;
}

/** `line 3 of the scenario`, or `line 3 of open.mmapsim` for a statement of an included one. */
export function lineText({ line, source }: { readonly line: number; readonly source?: SourceLine }): string {
  return source ? `line ${source.line} of ${source.file.slice(source.file.lastIndexOf('/') + 1)}` : `line ${line} of the scenario`;
}

/** Length of a mapping in pages. */
export const pagesOf = (vma: VmaState): number => Number((BigInt(vma.end) - BigInt(vma.start)) >> pageShift);

/** The letter of a page: `-` nothing mapped, `P` a special pte (no struct page is used), `A` anonymous, `R` ordinary page, `!` freed. */
function letterOf(pte: PteRun, page: PageRun | undefined): string {
  if (page?.freed) return '!';
  if (pte.special) return 'P';
  return page?.kind === 'anonymous' ? 'A' : 'R';
}

function labelOf(pte: PteRun, page: PageRun | undefined): string {
  const words = [
    `pfn ${pte.pfn}`,
    page?.owner ?? page?.kind,
    page?.freed ? 'freed' : undefined,
    pte.writable ? 'writable' : 'read-only',
    pte.dirty ? 'dirty' : undefined,
    pte.special ? 'special pte' : undefined,
    pte.cache === '' ? undefined : pte.cache,
    page?.refcount === undefined ? undefined : `refcount ${page.refcount}`,
  ];
  return words.filter((word) => word !== undefined).join(', ');
}

/** The pages of `vma` from its start to its end, as runs, holes included. */
export function segmentsOf(vma: VmaState, process: ProcessState, pages: readonly PageRun[]): readonly Segment[] {
  const start = BigInt(vma.start);
  const end = BigInt(vma.end);
  const segments: Segment[] = [];
  let at = start;
  const hole = (until: bigint): void => {
    if (until > at) segments.push({ start: hex(at), length: Number((until - at) >> pageShift), letter: '-', label: 'not mapped yet' });
  };
  const inside = process.ptes
    .map((pte) => ({ pte, from: BigInt(pte.start), to: BigInt(pte.start) + (BigInt(pte.length) << pageShift) }))
    .filter(({ from, to }) => from < end && to > start)
    .sort((left, right) => (left.from < right.from ? -1 : 1));
  for (const { pte, from, to } of inside) {
    const first = from < at ? at : from;
    const last = to > end ? end : to;
    if (last <= first) continue;
    hole(first);
    const page = pageOf(BigInt(pte.pfn) + ((first - from) >> pageShift), pages);
    segments.push({
      start: hex(first),
      length: Number((last - first) >> pageShift),
      pte,
      ...(page && { page }),
      letter: letterOf(pte, page),
      label: labelOf(pte, page),
    });
    at = last;
  }
  hole(end);
  return segments;
}

const pageOf = (pfn: bigint, pages: readonly PageRun[]): PageRun | undefined =>
  pages.find((run) => BigInt(run.pfn) <= pfn && pfn < BigInt(run.pfn) + BigInt(run.length));

/** What became of a row since the step before. */
export type Change = 'new' | 'changed' | 'same';

/** Compares rows by their name and their whole content. */
function changeOf<Row>(row: Row, before: readonly Row[], nameOf: (row: Row) => string): Change {
  const old = before.find((candidate) => nameOf(candidate) === nameOf(row));
  if (old === undefined) return 'new';
  return old === row || JSON.stringify(old) === JSON.stringify(row) ? 'same' : 'changed';
}

/** What the step made of a mapping of the process called `process`. */
export const vmaChange = (vma: VmaState, process: string, before: MemoryState | undefined): Change =>
  changeOf(vma, before?.processes.find((old) => old.name === process)?.vmas ?? [], (row) => row.name);

/** What the step made of a run of pages. */
export const pageChange = (page: PageRun, before: MemoryState | undefined): Change => changeOf(page, before?.pages ?? [], (row) => row.pfn);

/** The step to which a key leads from `current`, or `undefined` for a key that means nothing. `Shift` and an arrow lead to a problem or fault. */
export function stepForKey(key: string, shift: boolean, steps: readonly TraceStep[], current: number): number | undefined {
  const last = steps.length - 1;
  const notable = (index: number): boolean => steps[index]?.kind === 'fault' || (steps[index]?.problems.length ?? 0) > 0;
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowRight': {
      const way = key === 'ArrowLeft' ? -1 : 1;
      let next = current + way;
      while (shift && next > 0 && next < last && !notable(next)) next += way;
      return Math.min(Math.max(next, 0), Math.max(last, 0));
    }
    case 'Home':
      return 0;
    case 'End':
      return Math.max(last, 0);
    case 'f':
    case 'F': {
      const next = steps.findIndex((_, index) => index > current && notable(index));
      return next < 0 ? current : next;
    }
    default:
      return undefined;
  }
}

/** What a step is called: the scenario's statement where nothing more is said. */
export const titleOf = (step: TraceStep): string => step.title || step.statement;

/** What assistive technology says about the slider. */
export const stepText = (trace: Trace, index: number): string =>
  `Step ${index + 1} of ${trace.steps.length}: ${stepTitle(trace.steps[index])}`;

const stepTitle = (step: TraceStep | undefined): string => (step ? titleOf(step) : 'nothing happened');

/** A line of a file, from 0. */
export interface FileLine {
  readonly file: string;
  readonly line: number;
}

/** The first step worth looking at: where `at` goes wrong, else the first problem, else the first step of `at`, else the first. */
export function firstStep(trace: Trace, at?: FileLine): number {
  const { steps } = trace;
  const isAt = ({ location }: TraceStep): boolean => location?.file === at?.file && location?.range.start.line === at?.line;
  const found = [
    at ? steps.findIndex((step) => step.problems.length > 0 && isAt(step)) : -1,
    steps.findIndex((step) => step.problems.length > 0),
    at ? steps.findIndex(isAt) : -1,
  ];
  return found.find((index) => index >= 0) ?? 0;
}

/** The step to show for a line of a file (from 0): the nearest one behind `current`, else the first; `undefined` when no step ran there. */
export function stepAtLine(trace: Trace, file: string, line: number, current: number): number | undefined {
  const isThere = (step: TraceStep): boolean => step.location?.file === file && step.location.range.start.line === line;
  const shown = trace.steps[current];
  if (shown && isThere(shown)) return current;
  const later = trace.steps.findIndex((step, index) => index > current && isThere(step));
  const first = later < 0 ? trace.steps.findIndex(isThere) : later;
  return first < 0 ? undefined : first;
}

/** A part of a long list: rows from `from` up to `to` (exclusive). */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** At most `size` rows of `count`, with `index` in the middle where that is possible. */
export function windowAround(index: number, count: number, size: number): Window {
  const from = Math.max(0, Math.min(index - Math.floor(size / 2), count - size));
  return { from, to: Math.min(count, from + size) };
}

/** What a value of an assumption is as `assume` takes it: the number of `64 KiB (0x10000)`, or nothing for `not NULL`. */
export function settableText(value: string): string {
  return /\((0x[0-9a-f]+)\)$/i.exec(value)?.[1] ?? /^-?(0x[0-9a-f]+|\d+)$/i.exec(value)?.[0] ?? '';
}

/** The state at one step in lines of text: what screen readers and bug reports use. */
export function textTwin(trace: Trace, index: number): string {
  const step = trace.steps[index];
  const lines = [`${trace.handler.function} on Linux ${trace.kernel}`, trace.verdict.summary];
  if (!step) return lines.join('\n');
  lines.push('', stepText(trace, index), ...step.changes.map((change) => `  ${change}`));
  lines.push(...step.problems.map((problem) => `  problem: ${problem.message}`));
  for (const process of step.state.processes) {
    lines.push('', `${process.name}: rss ${process.rss.file} file, ${process.rss.anonymous} anonymous pages`);
    for (const vma of process.vmas) {
      lines.push(`  ${vma.name} ${vma.start}-${vma.end} pgoff ${vma.pgoff} ${vma.flags.join(' | ')}`);
      for (const segment of segmentsOf(vma, process, step.state.pages)) {
        lines.push(`    ${segment.start} ${sizeText(segment.length)}: ${segment.label}`);
      }
    }
  }
  return lines.join('\n');
}
