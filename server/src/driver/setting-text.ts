/**
 * Whether a text may set a field, decided on the raw text: only what passes is lowered and read. May err on the side of
 * yes, never of no.
 */

/** What follows a field that is set: `p->len =`, `(p->len) =`, `len: …`; what an index or a comment hides is not looked for. */
const setting = String.raw`[\s)\\]*(?:=(?!=)|:|\[|/[*/])`;

/** A pattern for texts that may set the field. */
export function settingOf(field: string): RegExp {
  return new RegExp(`\\b${field}\\b${setting}`);
}

const anySetting = new RegExp(`\\b([A-Za-z_]\\w*)\\b(?=${setting})`, 'g');

/** The names that `settingOf` finds in a text: fields that it may set, and other names. */
export function fieldsSetIn(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(anySetting)].map(([, name = '']) => name));
}
