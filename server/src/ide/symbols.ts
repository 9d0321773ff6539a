/**
 * What of a C file belongs to mappings, as an outline: handlers, and the tables that name them with their slots. Other functions are left
 * to whoever reads C in general. Knows no editor.
 */
import type { Handler, OpsTable } from '../driver/model.ts';
import type { Range } from '../protocol/position.ts';
import type { Span } from '../syntax/ast.ts';
import type { SourceDocument } from './document.ts';

export interface DriverSymbol {
  readonly kind: 'handler' | 'table' | 'slot';
  readonly name: string;
  /** The slots of a handler, the container of a table, the function of a slot. */
  readonly detail: string;
  readonly range: Range;
  /** The name in `range`. */
  readonly nameRange: Range;
  /** In the order of the text. */
  readonly children: readonly DriverSymbol[];
}

/** The symbols of the document's own file, in the order of the text. Fields that are assigned one by one make no table. */
export function symbolsOf(document: SourceDocument): readonly DriverSymbol[] {
  const { driver, file } = document;
  const handlers = driver.handlers.filter((handler) => handler.defined && handler.file === file);
  const functions = [...new Map(handlers.map((handler) => [handler.function, handler])).values()];
  const tables = driver.tables.filter((table) => table.file === file && table.name !== '');
  return [
    ...functions.map((handler) => handlerSymbol(document, handler, handlers)),
    ...tables.map((table) => tableSymbol(document, table)),
  ].sort(byPlace);
}

/** The handlers and tables that somebody looks for: each word of the query stands in the name, in what it is, or in its kind. */
export function symbolsMatching(symbols: readonly DriverSymbol[], query: string): readonly DriverSymbol[] {
  const words = query.toLowerCase().split(/\s+/);
  return symbols.filter(({ name, detail, kind }) => {
    const text = `${name} ${detail} ${kind}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function handlerSymbol(document: SourceDocument, { function: name, nameSpan }: Handler, all: readonly Handler[]): DriverSymbol {
  const slots = all.filter((handler) => handler.function === name).map(({ slot }) => slot);
  const span = document.driver.functions.get(name)?.span ?? nameSpan;
  return { kind: 'handler', name, detail: [...new Set(slots)].join(', '), ...ranges(document, span, nameSpan), children: [] };
}

function tableSymbol(document: SourceDocument, { name, container, entries, span }: OpsTable): DriverSymbol {
  const variable = document.driver.variables.get(name);
  const own = variable?.file === document.file ? variable : { span, nameSpan: span };
  const slots = entries.map((entry): DriverSymbol => {
    return { kind: 'slot', name: entry.slot, detail: entry.function, ...ranges(document, entry.span, entry.span), children: [] };
  });
  return {
    kind: 'table',
    name,
    detail: container,
    ...ranges(document, union(span, own.span), own.nameSpan),
    children: slots.sort(byPlace),
  };
}

/** Editors ask for the name within the whole. */
function ranges(document: SourceDocument, span: Span, nameSpan: Span): Pick<DriverSymbol, 'range' | 'nameRange'> {
  return { range: document.rangeOf(document.file, union(span, nameSpan)), nameRange: document.rangeOf(document.file, nameSpan) };
}

function union(a: Span, b: Span): Span {
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}

function byPlace(a: DriverSymbol, b: DriverSymbol): number {
  return a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character;
}
