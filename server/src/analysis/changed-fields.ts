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
    for (const { name, before } of bodies) {
      const known = this.#known.get(name);
      const now = assignmentsIn(driver, name);
      this.#known.set(name, now);
      const was = known ? known.keys() : new Settings(before).fields;
      if (!was) any = true;
      for (const field of [...(was ?? []), ...now.keys()]) if (!known || known.get(field) !== now.get(field)) changed.add(field);
    }
    return any ? undefined : changed;
  }

  forget(): void {
    this.#known.clear();
  }
}

function assignmentsIn(driver: Driver, name: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { struct, field, file, value } of driver.sourcesIn(name)) {
    const text = (driver.files.get(file) ?? '').slice(value.span.start, value.span.end);
    found.set(field, `${found.get(field) ?? ''}${struct ?? ''} ${text}\n`);
  }
  return found;
}
