/** Small readers of TypeScript text for the tests that judge the sources. */

/**
 * `text` with comments, strings and regular expressions blanked at equal length (line breaks stay).
 * Code inside `${…}` of a template is blanked too.
 */
export function withoutCommentsAndStrings(text: string): string {
  const pattern =
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`|(?<=[=(,:[!&|?;]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+\//g;
  return text.replace(pattern, (found) => found.replace(/[^\n]/g, ' '));
}

/** The comment at the very top of `text` (after a `#!` line), or `undefined`. */
export function headComment(text: string): string | undefined {
  const body = text.replace(/^#!.*\n/, '');
  const block = /^\/\*\*?[\s\S]*?\*\//.exec(body);
  if (block) return block[0];
  const lines = /^(?:\/\/.*\n)+/.exec(body);
  return lines?.[0];
}
