/**
 * The handlers of a document as rows for lists, those of branches that the target does not compile included: lines from
 * 1, as people count them.
 */
import type { HandlerKind } from '../driver/model.ts';
import type { Range } from '../protocol/position.ts';
import type { SourceDocument } from './document.ts';

export interface HandlerRow {
  readonly function: string;
  readonly slot: string;
  readonly kind: HandlerKind;
  readonly file: string;
  readonly line: number;
  /** Of the function's name, as editors count. */
  readonly range: Range;
  /** False in a branch that the target does not compile. */
  readonly compiled: boolean;
  readonly registeredAt?: { readonly file: string; readonly line: number };
}

export function listHandlers(document: SourceDocument): readonly HandlerRow[] {
  const line = (file: string, start: number) => document.rangeOf(file, { start, end: start }).start.line + 1;
  const { handlers, inactiveHandlers } = document.driver;
  return [...handlers, ...inactiveHandlers].map((handler) => ({
    function: handler.function,
    slot: handler.slot,
    kind: handler.kind,
    file: handler.file,
    line: line(handler.file, handler.nameSpan.start),
    range: document.rangeOf(handler.file, handler.nameSpan),
    compiled: handlers.includes(handler),
    registeredAt: handler.registeredAt && {
      file: handler.registeredAt.file,
      line: line(handler.registeredAt.file, handler.registeredAt.span.start),
    },
  }));
}
