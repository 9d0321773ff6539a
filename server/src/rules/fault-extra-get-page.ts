/** `fault-extra-get-page`: a fault handler takes a reference for a call that takes its own. */

import type { CallEvent, EntryAnalysis, Path } from '../analysis/path.ts';
import * as query from '../analysis/query.ts';
import type { Driver } from '../driver/model.ts';
import { constant, type Term } from '../execution/term.ts';
import { compare } from '../execution/term-build.ts';
import { symbolsOf } from '../execution/term-evaluate.ts';
import type { MemoryObject } from '../execution/value.ts';
import type { Report, Rule } from './rule.ts';
import { type FixName, removing } from './support/fixes/fixes.ts';
import { faultKinds } from './support/kinds.ts';
import { reportOn } from './support/reports.ts';
import { returnedTerm } from './support/results/outcomes.ts';
import { usesOf } from './support/text/uses.ts';

/** Calls that map the page and take the mapping's reference themselves, or that map a pfn and need none. */
const inserting = /^(?:vmf_insert_(?:page|mixed|pfn)\w*|vm_insert_(?:page|mixed|pfn)\w*)$/;
const taking = /^(?:get_page|folio_get)$/;
const dropping = /^(?:put_page|folio_put|__free_pages?|page_cache_release)$/;

export const faultExtraGetPage: Rule = {
  name: 'fault-extra-get-page',
  severity: 'warning',
  summary: 'A fault handler takes a reference on a page that it then inserts: the insertion takes its own.',
  versions: { since: { major: 2, minor: 6, patch: 23 } },
  check({ driver, entries }) {
    const reports = new Map<string, Report>();
    for (const entry of entries) {
      if (!entry.entry.handler || !faultKinds.has(entry.entry.handler.kind)) continue;
      for (const path of entry.paths) {
        const found = extraReference(entry, path);
        const key = found && `${found.taken.file}:${found.taken.nameSpan.start}`;
        if (!found || key === undefined || reports.has(key)) continue;
        const { taken, inserted } = found;
        const why = /pfn/.test(inserted.name) ? 'maps a pfn, which no mapping counts' : 'takes the reference of the mapping itself';
        const message = `\`${inserted.name}()\` ${why}, and nothing drops the one of \`${taken.name}()\`: each fault leaks a reference, and the page is never freed. Leave \`${taken.name}()\` out, or put the page into vmf->page and return 0.`;
        const related = [{ file: inserted.file, span: inserted.nameSpan, message: 'The page is inserted here.' }];
        const fixes = removing(
          driver,
          { file: taken.file, span: taken.nameSpan },
          /^(?:get_page|folio_get)\s*\([^;]*\)\s*;$/,
          leavingOut(driver, taken),
        );
        reports.set(key, reportOn({ entry, event: taken }, taken.nameSpan, message, { related, fixes }));
      }
    }
    return [...reports.values()];
  },
};

/** Where the handler also drops references, one may have been dropped after an error. */
function leavingOut(driver: Driver, { name, frames }: CallEvent): FixName {
  const uses = usesOf(driver, frames.at(-1)?.function ?? '');
  const drops = uses?.expressions.some((each) => each.kind === 'call' && each.callee.kind === 'name' && dropping.test(each.callee.name));
  return drops ? { title: `Leave ${name}() out (check what drops it after an error)`, safe: false } : { title: `Leave ${name}() out` };
}

/** A reference that is taken on the page which the path inserts, and still there when it ends well. */
function extraReference(entry: EntryAnalysis, path: Path): { readonly taken: CallEvent; readonly inserted: CallEvent } | undefined {
  const calls = path.events.filter((event): event is CallEvent => event.kind === 'call');
  const inserted = calls.find(({ name }) => inserting.test(name));
  const page = inserted && insertedPage(inserted, calls);
  if (!inserted || !page || handsOver(path) || path.outcome.kind !== 'returned') return undefined;
  const of = (names: RegExp): readonly CallEvent[] =>
    calls.filter(({ name, arguments: [first] }) => names.test(name) && first?.kind === 'pointer' && first.place.object === page);
  const taken = of(taking)[0];
  if (!taken || of(taking).length <= of(dropping).length) return undefined;
  return maySucceed(entry, path, inserted) ? { taken, inserted } : undefined;
}

/** The page that is inserted, by itself or by its number. */
function insertedPage({ arguments: args }: CallEvent, calls: readonly CallEvent[]): MemoryObject | undefined {
  for (const value of args) {
    const { type } = value.kind === 'pointer' ? value.place.object : { type: undefined };
    if (value.kind === 'pointer' && type?.kind === 'struct' && type.name === 'page') return value.place.object;
  }
  const numbers = new Set(args.flatMap((value) => (value.kind === 'integer' ? [...symbolsOf(value.term).keys()] : [])));
  const numbered = calls.find(
    ({ name, result }) =>
      /^page_to_(?:pfn|pfn_t|phys)$/.test(name) &&
      result.kind === 'integer' &&
      [...symbolsOf(result.term).keys()].some((id) => numbers.has(id)),
  );
  const [page] = numbered?.arguments ?? [];
  return page?.kind === 'pointer' ? page.place.object : undefined;
}

/** The core takes over the reference of vmf->page. */
function handsOver({ events }: Path): boolean {
  return events.some((event) => event.kind === 'write' && /(?:->|\.)page$/.test(event.name) && event.value.kind === 'pointer');
}

/** Whether the insertion can have gone well on this path. */
function maySucceed(entry: EntryAnalysis, path: Path, { result }: CallEvent): boolean {
  const term: Term | undefined = result.kind === 'integer' ? result.term : returnedTerm(path);
  if (!term || result.kind !== 'integer') return true;
  const success = compare('eq', result.type, term, constant(0));
  return query.findModel(entry, path, path.conditions.length, [query.computed(success)]) !== 'none';
}
