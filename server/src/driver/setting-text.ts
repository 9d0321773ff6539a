/**
 * Where a text may set which fields, decided on the raw text: only functions that may are lowered and read. May err on the
 * side of yes, never of no.
 */
import type { Span } from '../syntax/ast.ts';

/** White space, also over the end of a line of a macro. */
const gap = String.raw`[\s\\]*`;
const comment = '/[*/]';
const name = String.raw`([A-Za-z_]\w*)`;
/** `p->len =`, `(p->len) =`, `.len[2] =`; `len: …`; a comment where the name should stand. */
const setting = new RegExp(
  `(?:\\.|->)${gap}(?:${name}[\\s)\\\\]*(?:=(?!=)|\\[|${comment})|${comment})|\\b${name}${gap}(?::|${comment})`,
  'g',
);

/** The field of a setting whose name is hidden: it may be any. */
const anyField = '';

/** The offsets at which a text may set a field. */
export class Settings {
  readonly #byField = new Map<string, number[]>();

  constructor(text: string) {
    for (const { 1: field, 2: label, index } of text.matchAll(setting)) {
      const name = field ?? label ?? anyField;
      const offsets = this.#byField.get(name);
      if (offsets) offsets.push(index);
      else this.#byField.set(name, [index]);
    }
  }

  /** The names of the fields, and other names; `undefined` when they may be any. */
  get fields(): Iterable<string> | undefined {
    return this.#byField.has(anyField) ? undefined : this.#byField.keys();
  }

  /** Whether the field may be set between two offsets of the text. */
  maySet(field: string, span: Span): boolean {
    return [field, anyField].some((name) => isOneIn(this.#byField.get(name) ?? [], span));
  }
}

/** Whether one of `offsets`, which ascend, lies in the span. */
function isOneIn(offsets: readonly number[], { start, end }: Span): boolean {
  let low = 0;
  let high = offsets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offsets[middle] ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  return (offsets[low] ?? end) < end;
}
