/**
 * Comments and literals of C by one pattern, for passes over raw text that come before, or do without, a scan. Every match ends: what is
 * never closed goes to the end of its line or of the text, so that each pass is linear.
 */

/** Literals come first, so that a comment in one is none. */
export const lexemes = /"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?|\/\*(?:[\s\S]*?\*\/|[\s\S]*)|\/\/[^\n]*/g;

/** The text without what comments and literals say. Offsets change. */
export function codeOf(text: string): string {
  return text.replace(lexemes, ' ');
}
