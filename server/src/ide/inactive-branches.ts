/** What the target does not compile of a text: whole lines between directives, which an editor draws pale. Knows no editor. */
import type { Range } from '../protocol/position.ts';
import type { SourceDocument } from './document.ts';

/** Ranges from the begin of a branch's first line to the end of its last one, in the order of the text; the directives are left out. */
export function inactiveBranches(document: SourceDocument): readonly Range[] {
  const lines = document.linesOf(document.file);
  return document.inactive.flatMap((span): readonly Range[] => {
    const first = lines.positionAt(span.start).line + 1;
    // The branch ends where the next directive begins, or with the text.
    const end = lines.positionAt(span.end);
    const last = span.end === document.text.length ? end.line : end.line - 1;
    if (last < first) return [];
    const lastEnd = lines.offsetAt({ line: last, character: document.text.length });
    return [{ start: { line: first, character: 0 }, end: lines.positionAt(lastEnd) }];
  });
}
