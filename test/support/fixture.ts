/**
 * Annotated C. Under the line that a finding is expected on stands a comment with carets below the exact range,
 *
 *     vm_insert_page(vma, addr, page);
 *   //^^^^^^^^^^^^^^ mixed-pfnmap-insert-page
 *
 * or, where a comment cannot reach that column, with the token itself: `//~ vm_insert_page: mixed-pfnmap-insert-page`.
 * A finding without such a comment is as wrong as a comment without its finding.
 */

export interface Expected {
  readonly rule: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

export interface Fixture {
  /** The kernel that the first line asks for (`// kernel: 6.12`). */
  readonly kernel: string;
  readonly expected: readonly Expected[];
  /** Sentences about annotations that cannot be read. */
  readonly problems: readonly string[];
}

const caretLine = /^(\s*\/\/\s*)(\^+)\s+([a-z][a-z0-9-]*)\s*$/;
const tokenLine = /^\s*\/\/~\s*(.+?):\s+([a-z][a-z0-9-]*)\s*$/;

export function readFixture(text: string): Fixture {
  const lines = text.split(/\r?\n/);
  const kernel = /\/\/ kernel: (\S+)/.exec(lines[0] ?? '')?.[1] ?? '6.12';
  const expected: Expected[] = [];
  const problems: string[] = [];
  let code = -1;
  lines.forEach((line, index) => {
    const carets = caretLine.exec(line);
    const token = tokenLine.exec(line);
    if (carets) {
      const start = (carets[1] ?? '').length;
      expected.push({ rule: carets[3] ?? '', line: code, start, end: start + (carets[2] ?? '').length });
    } else if (token) {
      const start = (lines[code] ?? '').indexOf(token[1] ?? '');
      if (start < 0) problems.push(`line ${index + 1}: ${token[1]} does not stand on the line above`);
      else expected.push({ rule: token[2] ?? '', line: code, start, end: start + (token[1] ?? '').length });
    } else {
      if (/^\s*\/\/.*(\^\^|~)/.test(line)) problems.push(`line ${index + 1}: an annotation that cannot be read`);
      code = index;
    }
  });
  return { kernel, expected, problems };
}

/** `12:4-18 rule`, lines from 1: how fixtures and findings are compared. */
export function describeExpected(expected: Expected): string {
  return `${expected.line + 1}:${expected.start}-${expected.end} ${expected.rule}`;
}
