/**
 * What stands in the code of a handler besides its text: the flags that a mapping call gives the vma, and sizes that are known. Inside of
 * handlers alone, where it says something. Knows no editor.
 */
import type { CallEvent } from '../analysis/path.ts';
import { constantOf } from '../execution/term.ts';
import { callFact, prototypeAt, setsFlagsAt } from '../kernel/lookup.ts';
import type { Position, Range } from '../protocol/position.ts';
import type { SourceDocument } from './document.ts';
import { formatSize } from './format-size.ts';

export interface InlayHint {
  readonly position: Position;
  readonly label: string;
  /** More, for who points at it. */
  readonly tooltip: string;
}

/** The hints of the document's own text in `range`, in the order of the text. */
export function inlayHints(document: SourceDocument, range: Range): readonly InlayHint[] {
  const lines = document.linesOf(document.file);
  const from = lines.offsetAt(range.start);
  const to = lines.offsetAt(range.end);
  const hints = new Map<number, InlayHint>();
  for (const event of callsIn(document)) {
    if (event.span.end < from || event.span.start > to) continue;
    for (const { offset, label, tooltip } of hintsOf(document, event))
      if (!hints.has(offset)) hints.set(offset, { position: lines.positionAt(offset), label, tooltip });
  }
  return [...hints].sort(([a], [b]) => a - b).map(([, hint]) => hint);
}

/** The calls of the text itself that handlers come through, each once. */
function callsIn(document: SourceDocument): readonly CallEvent[] {
  const calls = new Map<number, CallEvent>();
  for (const { entry, paths } of document.entries) {
    if (!entry.handler) continue;
    for (const { events } of paths)
      for (const event of events)
        if (event.kind === 'call' && event.file === document.file && isWrittenOut(document, event)) calls.set(event.nameSpan.start, event);
  }
  return [...calls.values()];
}

/** A call in a macro has no place of its own. */
function isWrittenOut({ text }: SourceDocument, { name, nameSpan, span }: CallEvent): boolean {
  return text.slice(nameSpan.start, nameSpan.end) === name && text[span.end - 1] === ')';
}

function hintsOf(document: SourceDocument, event: CallEvent): readonly { offset: number; label: string; tooltip: string }[] {
  const fact = callFact(event.name);
  if (fact?.kind !== 'call') return [];
  const { version } = document.target;
  const flags = setsFlagsAt(fact, version);
  const set = {
    offset: event.span.end,
    label: ` + ${flags.join(' | ')}`,
    tooltip: `${event.name}() sets these flags of the vma.`,
  };
  const parameters = prototypeAt(fact, version)?.parameters ?? [];
  const sizes = parameters.flatMap(({ role }, index) => {
    const value = event.arguments[index];
    const span = event.argumentSpans[index];
    const number = role === 'size' && value?.kind === 'integer' ? constantOf(value.term) : undefined;
    if (number === undefined || !span) return [];
    return [{ offset: span.end, label: ` = ${formatSize(number)}`, tooltip: 'The size in bytes, as far as the text tells it.' }];
  });
  return flags.length > 0 ? [...sizes, set] : sizes;
}
