/**
 * The fields whose assignments an edit may have changed. The first edit of a function counts for every field that it may
 * set; from then on its assignments are known, and only those that really differ count.
 */
import type { Driver } from '../driver/model.ts';
import type { ChangedBody } from '../driver/outline.ts';
import { Settings } from '../driver/setting-text.ts';

export class ChangedFields {
  /** By function: the text of its assignments by field. */
  readonly #known = new Map<string, ReadonlyMap<string, string>>();

  /** The fields of one edit that left the `driver`; `undefined` when they may be any. */
  after(driver: Driver, bodies: readonly ChangedBody[]): ReadonlySet<string> | undefined {
    const changed = new Set<string>();
    let any = false;
    for (const { name, before, after } of bodies) {
      const fields = new Settings(after).fields;
      const known = this.#known.get(name);
      const now = fields && assignmentsIn(driver, name, fields);
      if (now) this.#known.set(name, now);
      else this.#known.delete(name);
      const was = known ? known.keys() : new Settings(before).fields;
      if (!was || !now) any = true;
      for (const field of [...(was ?? []), ...(now?.keys() ?? [])]) if (known?.get(field) !== now?.get(field) || !known) changed.add(field);
    }
    return any ? undefined : changed;
  }

  forget(): void {
    this.#known.clear();
  }
}

function assignmentsIn(driver: Driver, name: string, fields: Iterable<string>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const field of fields) {
    const sources = driver.sourcesOf(undefined, field).filter((source) => source.function === name);
    const texts = sources.map(
      ({ struct, file, value }) => `${struct ?? ''} ${(driver.files.get(file) ?? '').slice(value.span.start, value.span.end)}`,
    );
    if (texts.length > 0) found.set(field, texts.join('\n'));
  }
  return found;
}
