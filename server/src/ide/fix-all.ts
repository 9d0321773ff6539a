/** Which fixes can be made at one time: each whole or not at all, and none over another. Knows ranges, and no text. */
import type { Finding, TextChange } from '../protocol/findings.ts';
import type { Position } from '../protocol/position.ts';

/** The first safe fix of each finding that changes `file` alone, without those that would meet an earlier one. */
export function safeFixes(findings: readonly Finding[], file: string): readonly (readonly TextChange[])[] {
  return together(
    findings.flatMap((finding): readonly (readonly TextChange[])[] => {
      const changes = finding.fixes.find(({ safe }) => safe)?.changes;
      return changes && changes.length > 0 && changes.every((change) => change.file === file) ? [changes] : [];
    }),
  );
}

/** Those of the fixes of one file that can be made together, in their order. */
export function together(fixes: readonly (readonly TextChange[])[]): readonly (readonly TextChange[])[] {
  const taken: (readonly TextChange[])[] = [];
  for (const fix of fixes) if (!fix.some((change) => taken.flat().some((other) => meets(change, other)))) taken.push(fix);
  return taken;
}

/** Two insertions at one place meet as well: nobody knows their order. */
function meets({ range: a }: TextChange, { range: b }: TextChange): boolean {
  return (isBefore(a.start, b.end) && isBefore(b.start, a.end)) || (!isBefore(a.start, b.start) && !isBefore(b.start, a.start));
}

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}
