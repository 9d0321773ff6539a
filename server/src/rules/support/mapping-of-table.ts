/** The mmap handler behind a table of vma operations: whether it bounds the mapping, and whether the mapping can grow afterwards. */
import type { EntryAnalysis, Path, PathEvent } from '../../analysis/path.ts';
import * as query from '../../analysis/query.ts';
import type { Driver } from '../../driver/model.ts';
import { unsignedLong } from '../../execution/ctype.ts';
import { constant } from '../../execution/term.ts';
import { binary } from '../../execution/term-build.ts';
import { PAGE_SHIFT } from '../../kernel/constants.ts';
import type { KernelVersion } from '../../kernel/version.ts';
import { isCheckedBefore, mayBeCheckedBefore } from './checked.ts';
import { endOf, flagAt } from './questions.ts';
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
/** Pages, and so an offset behind everything that a device has. */
const hugePages = hugeBytes >> BigInt(PAGE_SHIFT);

/**
 * By which of its numbers the handler lets a mapping reach beyond the buffer: the length, the length that mremap(2) gives it once the caller
 * has checked the first one, or the offset alone; `undefined` when all are bounded.
 */
export function unboundedBy(driver: Driver, mapping: Mapping): 'length' | 'growth' | 'offset' | undefined {
  const { entry, paths } = mapping;
  const { handler } = entry.entry;
  const { pages: length, pgoff: offset } = entry.symbols;
  const pages = length?.term;
  if (!handler || !pages || !entry.complete) return undefined;
  const judged = paths.filter((path) => path.doubts.length === 0 && path.end?.known && maySucceed(entry, path));
  const passes = (path: Path, goal: query.Goal): boolean =>
    typeof query.findModel(entry, path, path.conditions.length, [goal, ...path.conditions.map(({ term }) => query.really(term))]) !==
    'string';
  const bytes = binary('shl', unsignedLong, pages, constant(PAGE_SHIFT));
  const tooLong = query.really(query.lessThan(constant(hugeBytes), bytes));
  if (judged.some((path) => passes(path, tooLong))) {
    if (!isCheckedBefore(driver, handler)) return 'length';
    if (canGrow(mapping, driver.target.version)) return 'growth';
  }
  const pgoff = offset?.term;
  // What the caller has checked, and an offset that the handler replaces, are not the user's any more.
  if (!pgoff || mayBeCheckedBefore(driver, handler)) return undefined;
  const own = judged.filter(({ events }) => !events.some((event) => event.kind === 'write' && /(?:->|\.)vm_pgoff$/.test(event.name)));
  return own.some((path) => passes(path, query.really(query.lessThan(constant(hugePages), pgoff)))) ? 'offset' : undefined;
}

/** Whether a mapping that the handler has let through can be made longer with mremap(2). */
export function canGrow({ entry, paths }: Mapping, version: KernelVersion): boolean {
  return paths.some((path) => {
    const end = endOf(entry, path);
    if (!end || !maySucceed(entry, path)) return false;
    return flagAt(end, 'VM_DONTEXPAND', version) === 'clear' && flagAt(end, 'VM_PFNMAP', version) === 'clear';
  });
}
