/** Reports with what follows from their place filled in: file, function, handler. */
import type { EntryAnalysis, PathEvent } from '../../analysis/path.ts';
import type { Span } from '../../syntax/ast.ts';
import type { Report } from '../rule.ts';
import { functionOf } from './path-calls.ts';
import type { FunctionUses } from './uses.ts';

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
