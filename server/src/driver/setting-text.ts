/**
 * Whether a text may set a field, decided on the raw text: only what passes is lowered and read. May err on the side of
 * yes, never of no.
 */

/** What can stand between a field's name and the sign that sets it: `p->bar[i] =`, `(p->bar) =`, or behind a comment. */
const between = String.raw`(?:[\s)\\]|\[[^\]]*\]|/\*[^*]*\*+(?:[^/*][^*]*\*+)*/|//[^\n]*)*`;

/** A pattern for texts with `.field = …`, `->field = …` or the old designator `field: …`. */
export function settingOf(field: string): RegExp {
  return new RegExp(`\\b${field}\\b${between}(?::|=(?!=))`);
}
