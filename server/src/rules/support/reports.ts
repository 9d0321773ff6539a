/** Reports with what follows from their place filled in: file, function, handler. */
import type { EntryAnalysis, Path, PathEvent } from '../../analysis/path.ts';
import type { Span } from '../../syntax/ast.ts';
import type { Report } from '../rule.ts';
import { functionOf } from './path-calls.ts';
import type { FunctionUses } from './text/uses.ts';

type More = Partial<Pick<Report, 'severity' | 'confidence' | 'related' | 'fixes' | 'witness' | 'handler'>>;

/** A report about an event of a path. */
export function reportOn(
  { entry, event }: { readonly entry: EntryAnalysis; readonly event: PathEvent },
  span: Span,
  message: string,
  more: More = {},
): Report {
  return {
    file: event.file,
    span,
    function: functionOf(event),
    handler: entry.entry.handler,
    message,
    related: [],
    fixes: [],
    ...more,
  };
}

/** A report about what a function's text says. */
export function reportIn(uses: Pick<FunctionUses, 'file' | 'function'>, span: Span, message: string, more: More = {}): Report {
  return { file: uses.file, span, function: uses.function.name, message, related: [], fixes: [], ...more };
}

/** The first report for each place in the text, of all paths through handlers that set a mapping up. */
export function reportsOfMmap(
  entries: readonly EntryAnalysis[],
  reportFor: (entry: EntryAnalysis, path: Path) => Report | undefined,
): readonly Report[] {
  const reports = new Map<string, Report>();
  for (const entry of entries) {
    const kind = entry.entry.handler?.kind;
    if (kind !== 'mmap' && kind !== 'mmap_prepare') continue;
    for (const path of entry.paths) {
      const report = reportFor(entry, path);
      const key = report && `${report.file}:${report.span.start}`;
      if (report && key !== undefined && !reports.has(key)) reports.set(key, report);
    }
  }
  return [...reports.values()];
}
