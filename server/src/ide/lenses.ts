/** What stands above a handler: run it, and how many findings it has. */
import type { Finding } from '../protocol/findings.ts';
import type { Range } from '../protocol/position.ts';
import type { SourceDocument } from './document.ts';

export interface HandlerLens {
  readonly range: Range;
  /** `▶ Simulate · 2 findings`. */
  readonly title: string;
  readonly handler: string;
}

/** One lens for each handler that is defined in the document's own file. */
export function lensesOf(document: SourceDocument, findings: readonly Finding[]): readonly HandlerLens[] {
  const seen = new Set<string>();
  return document.driver.handlers.flatMap((handler) => {
    if (!handler.defined || handler.file !== document.file || seen.has(handler.function)) return [];
    seen.add(handler.function);
    const count = findings.filter((finding) => finding.function === handler.function).length;
    const counted = count === 0 ? '' : count === 1 ? ' · 1 finding' : ` · ${count} findings`;
    return [{ range: document.rangeOf(handler.file, handler.nameSpan), title: `▶ Simulate${counted}`, handler: handler.function }];
  });
}
