/** The mmap handler behind a table of vma operations: whether it bounds the mapping, and whether the mapping can grow afterwards. */
import type { EntryAnalysis, Path, PathEvent } from '../../analysis/path.ts';
import * as query from '../../analysis/query.ts';
import type { Driver } from '../../driver/model.ts';
import { unsignedLong } from '../../execution/ctype.ts';
import { constant } from '../../execution/term.ts';
import { binary } from '../../execution/term-build.ts';
import { PAGE_SHIFT } from '../../kernel/constants.ts';
import type { KernelVersion } from '../../kernel/version.ts';
import { flagAt } from './questions.ts';
import { maySucceed } from './results/outcomes.ts';

/** The mmap handler that gives the vma this table, and the paths of it that do. */
export interface Mapping {
  readonly entry: EntryAnalysis;
  readonly paths: readonly Path[];
}

/** Looks for it. A handler may leave other mappings to others, on paths that are not told of here. */
export function mmapOf(driver: Driver, entries: readonly EntryAnalysis[], table: string | undefined): Mapping | undefined {
  if (table === undefined) return undefined;
  for (const entry of entries) {
    if (entry.entry.handler?.kind !== 'mmap' || !driver.functions.has(entry.entry.function)) continue;
    const paths = entry.paths.filter(({ events }) => events.some((event) => installs(event, table)));
    if (paths.length > 0) return { entry, paths };
  }
  return undefined;
}

function installs(event: PathEvent, table: string): boolean {
  return isInstall(event) && event.value.kind === 'pointer' && event.value.place.object.name === table;
}

/** Whether the event sets the table of a vma. */
export function isInstall(event: PathEvent): event is Extract<PathEvent, { kind: 'write' }> {
  return event.kind === 'write' && /(?:->|\.)vm_ops$/.test(event.name);
}

/** Bytes. More than any device has. */
const hugeBytes = 1n << 46n;

/** Whether the handler lets a mapping of any length through. */
export function isUnboundedMapping({ entry, paths }: Mapping): boolean {
  const pages = entry.symbols.pages?.term;
  if (!pages || !entry.complete) return false;
  const bytes = binary('shl', unsignedLong, pages, constant(PAGE_SHIFT));
  return paths.some((path) => {
    const last = path.events.at(-1);
    if (path.doubts.length > 0 || !last?.vma?.known || !maySucceed(entry, path)) return false;
    const goals = [query.really(query.lessThan(constant(hugeBytes), bytes)), ...path.conditions.map(({ term }) => query.really(term))];
    return typeof query.findModel(entry, path, path.conditions.length, goals) !== 'string';
  });
}

/** Whether a mapping that the handler has let through can be made longer with mremap(2). */
export function canGrow({ entry, paths }: Mapping, version: KernelVersion): boolean {
  return paths.some((path) => {
    const last = path.events.at(-1);
    if (!last || !maySucceed(entry, path)) return false;
    const end = { entry, path, event: { ...last, after: path.conditions.length } };
    return flagAt(end, 'VM_DONTEXPAND', version) === 'clear' && flagAt(end, 'VM_PFNMAP', version) === 'clear';
  });
}
