/** The mmap handler behind a table of vma operations: whether it bounds the mapping, and whether the mapping can grow afterwards. */
import type { EntryAnalysis } from '../../analysis/path.ts';
import * as query from '../../analysis/query.ts';
import type { Driver } from '../../driver/model.ts';
import { unsignedLong } from '../../execution/ctype.ts';
import { constant } from '../../execution/term.ts';
import { binary } from '../../execution/term-build.ts';
import { PAGE_SHIFT } from '../../kernel/constants.ts';
import type { KernelVersion } from '../../kernel/version.ts';
import { maySucceed } from './outcomes.ts';
import { flagAt } from './questions.ts';

/** The mmap handler that gives the vma this table. */
export function mmapOf(driver: Driver, entries: readonly EntryAnalysis[], table: string | undefined): EntryAnalysis | undefined {
  if (table === undefined) return undefined;
  return entries.find(
    ({ entry, paths }) =>
      entry.handler?.kind === 'mmap' &&
      driver.functions.has(entry.function) &&
      paths.some(({ events }) =>
        events.some(
          (event) =>
            event.kind === 'write' &&
            /(?:->|\.)vm_ops$/.test(event.name) &&
            event.value.kind === 'pointer' &&
            event.value.place.object.name === table,
        ),
      ),
  );
}

/** Bytes. More than any device has. */
const hugeBytes = 1n << 46n;

/** Whether the handler lets a mapping of any length through. */
export function isUnboundedMapping(entry: EntryAnalysis): boolean {
  const pages = entry.symbols.pages?.term;
  if (!pages || !entry.complete) return false;
  const bytes = binary('shl', unsignedLong, pages, constant(PAGE_SHIFT));
  return entry.paths.some((path) => {
    const last = path.events.at(-1);
    if (path.doubts.length > 0 || !last?.vma?.known || !maySucceed(entry, path)) return false;
    const goals = [query.really(query.lessThan(constant(hugeBytes), bytes)), ...path.conditions.map(({ term }) => query.really(term))];
    return typeof query.findModel(entry, path, path.conditions.length, goals) !== 'string';
  });
}

/** Whether a mapping that the handler has let through can be made longer with mremap(2). */
export function canGrow(entry: EntryAnalysis, version: KernelVersion): boolean {
  return entry.paths.some((path) => {
    const last = path.events.at(-1);
    if (!last || !maySucceed(entry, path)) return false;
    const end = { entry, path, event: { ...last, after: path.conditions.length } };
    return flagAt(end, 'VM_DONTEXPAND', version) === 'clear' && flagAt(end, 'VM_PFNMAP', version) === 'clear';
  });
}
