/** `check --fix`: writes the safe fixes into the files. Fixes that overlap an earlier one wait for the next run. */
import { readFileSync, writeFileSync } from 'node:fs';
import { reason } from '../host/files.ts';
import { together } from '../ide/fix-all.ts';
import type { Finding, TextChange } from '../protocol/findings.ts';
import { LineIndex } from '../syntax/line-index.ts';

export interface FixResult {
  readonly applied: number;
  readonly files: readonly string[];
  readonly problems: readonly { readonly file: string; readonly message: string }[];
}

export function applyFixes(findings: readonly Finding[]): FixResult {
  const byFile = new Map<string, (readonly TextChange[])[]>();
  for (const finding of findings) {
    const fix = finding.fixes.find((each) => each.safe);
    const file = fix?.changes[0]?.file;
    if (!fix || file === undefined || fix.changes.some((change) => change.file !== file)) continue;
    byFile.set(file, [...(byFile.get(file) ?? []), fix.changes]);
  }
  let applied = 0;
  const files: string[] = [];
  const problems: { file: string; message: string }[] = [];
  for (const [file, fixes] of byFile) {
    try {
      const raw = readFileSync(file, 'utf8');
      const mark = raw.charCodeAt(0) === 0xfeff ? '\ufeff' : '';
      const result = applyChanges(raw.slice(mark.length), fixes);
      if (result.applied === 0) continue;
      writeFileSync(file, mark + result.text);
      applied += result.applied;
      files.push(file);
    } catch (error) {
      problems.push({ file, message: reason(error) });
    }
  }
  return { applied, files, problems };
}

/** Applies each fix whole or not at all. */
export function applyChanges(text: string, fixes: readonly (readonly TextChange[])[]): { readonly text: string; readonly applied: number } {
  const lines = new LineIndex(text);
  const applied = together(fixes);
  const taken = applied.flat().map((change) => ({
    start: lines.offsetAt(change.range.start),
    end: lines.offsetAt(change.range.end),
    newText: change.newText,
  }));
  taken.sort((a, b) => b.start - a.start);
  const result = taken.reduce((current, edit) => current.slice(0, edit.start) + edit.newText + current.slice(edit.end), text);
  return { text: result, applied: applied.length };
}
