/** `follow-pfn-stale`: a page frame number that was looked up in a mapping is used after the lock that kept it true. */
import type { CallEvent, EntryAnalysis, Path } from '../analysis/path.ts';
import * as query from '../analysis/query.ts';
import { constant } from '../execution/term.ts';
import { compare } from '../execution/term-build.ts';
import { symbolsOf } from '../execution/term-evaluate.ts';
import type { Value } from '../execution/value.ts';
import type { Report, Rule } from './rule.ts';
import { reportOn } from './support/reports.ts';

const following = /^(?:follow_pfn|unsafe_follow_pfn|follow_phys)$/;
const unlocking = /^(?:mmap_(?:read|write)_unlock|up_(?:read|write))$/;
/** A reference on the page makes its number last. */
const pinning = /^(?:get_page|try_get_page|folio_get|folio_try_get|get_page_unless_zero|page_cache_get_speculative)$/;

export const followPfnStale: Rule = {
  name: 'follow-pfn-stale',
  severity: 'error',
  summary: 'The number that follow_pfn() gave is used after the mmap lock was dropped.',
  check({ driver, entries }) {
    // A notifier says when the mapping changes.
    if (driver.text.mentions(/\bmmu_(?:interval_)?notifier/)) return [];
    const reports = new Map<string, Report>();
    for (const entry of entries) {
      for (const path of entry.paths) {
        const stale = staleUse(entry, path);
        const key = stale && `${stale.followed.file}:${stale.followed.nameSpan.start}`;
        if (!stale || key === undefined || reports.has(key)) continue;
        const { followed, unlocked } = stale;
        const message = `The number that \`${followed.name}()\` gives is true only under the mmap lock, and it is used after \`${unlocked.name}()\`: the mapping may be gone by then, and the page be somebody else's. Pin the page with pin_user_pages(), or follow the mapping with an MMU notifier.`;
        const related = [{ file: unlocked.file, span: unlocked.nameSpan, message: 'The lock is dropped here.' }];
        reports.set(key, reportOn({ entry, event: followed }, followed.nameSpan, message, { related }));
      }
    }
    return [...reports.values()];
  },
};

interface Stale {
  readonly followed: CallEvent;
  readonly unlocked: CallEvent;
}

function staleUse(entry: EntryAnalysis, path: Path): Stale | undefined {
  const calls = path.events.filter((event): event is CallEvent => event.kind === 'call');
  for (const [index, followed] of calls.entries()) {
    if (!following.test(followed.name) || followed.mmapLock === 'none' || !maySucceed(entry, path, followed)) continue;
    const after = calls.slice(index + 1);
    const end = after.findIndex(({ name, mmapLock }) => unlocking.test(name) && mmapLock !== 'none');
    const unlocked = after[end];
    if (!unlocked || after.slice(0, end).some(({ name }) => pinning.test(name))) continue;
    const result = followed.arguments.at(-1);
    if (result?.kind !== 'pointer') continue;
    // What is written behind a parameter is the caller's to use.
    const { object } = result.place;
    if (object.origin.kind !== 'local') return { followed, unlocked };
    const isNumber = (value: Value): boolean =>
      value.kind === 'integer' &&
      [...symbolsOf(value.term).values()].some(({ id, name }) => name === object.name || id.startsWith(`${object.name}@`));
    const { outcome } = path;
    if (after.slice(end + 1).some((call) => call.arguments.some(isNumber)) || (outcome.kind === 'returned' && isNumber(outcome.value)))
      return { followed, unlocked };
  }
  return undefined;
}

function maySucceed(entry: EntryAnalysis, path: Path, { result }: CallEvent): boolean {
  if (result.kind !== 'integer') return true;
  const isZero = query.computed(compare('eq', result.type, result.term, constant(0)));
  return query.findModel(entry, path, path.conditions.length, [isZero]) !== 'none';
}
