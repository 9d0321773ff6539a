/** `private-data-unref`: the vma's private data is an object that somebody frees while vmas still point to it. */
import type { EntryAnalysis, Path, WriteEvent } from '../analysis/path.ts';
import type { Driver, OpsTable } from '../driver/model.ts';
import type { Report, Rule } from './rule.ts';
import { firstCount } from './support/lifetime/counting.ts';
import { type FreeSite, freeSites } from './support/lifetime/free-sites.ts';
import { countsOf } from './support/lifetime/references.ts';
import { withCallees } from './support/locks/lock-classes.ts';
import { reportOn } from './support/reports.ts';
import { maySucceed } from './support/results/outcomes.ts';
import { type Chain, chainsTo, isRemoval, isRunning, usesOfChain } from './support/text/call-chains.ts';
import { structOf, usesOf } from './support/text/uses.ts';

/** Hooks that read the private data after mmap has returned. */
const reading: ReadonlySet<string> = new Set(['fault', 'nopage', 'nopfn', 'huge_fault', 'access', 'close', 'page_mkwrite', 'pfn_mkwrite']);

export const privateDataUnref: Rule = {
  name: 'private-data-unref',
  severity: 'error',
  summary: 'vm_private_data points to an object that is freed elsewhere, and the mapping holds no reference to it.',
  check({ driver, entries }) {
    return entries.flatMap((entry): Report[] => {
      const { handler } = entry.entry;
      if (handler?.kind !== 'mmap') return [];
      for (const path of entry.paths) {
        const kept = keptObject(driver, entry, path);
        if (!kept) continue;
        const sites = freeSites(driver);
        const freed = whoFrees(driver, sites, kept.struct);
        if (!freed) {
          const part = whoTakesDown(driver, sites, kept);
          if (part) return [reportOfPart(entry, kept, part)];
          continue;
        }
        const { site, slot } = freed;
        const message = `\`${kept.event.name}\` points to a \`struct ${kept.struct}\` without a reference, and ${slot} frees it while mappings live: they keep the file, and not the object. \`.${kept.hook}\` then uses freed memory. Take a reference in mmap and .open, and drop it in .close; or free the object when the file is released.`;
        const related = [{ file: site.file, span: site.span, message: 'The object is freed here.' }];
        return [reportOn({ entry, event: kept.event }, kept.event.span, message, { related })];
      }
      return [];
    });
  },
};

interface Kept {
  readonly event: WriteEvent;
  readonly struct: string;
  readonly hook: string;
  readonly table: OpsTable;
}

/** The object that a successful path leaves with the vma, and the hook that uses it later. */
function keptObject(driver: Driver, entry: EntryAnalysis, path: Path): Kept | undefined {
  const writes = path.events.filter((event): event is WriteEvent => event.kind === 'write');
  const event = writes.findLast(({ name }) => /(?:->|\.)vm_private_data$/.test(name));
  const installed = writes.findLast(({ name }) => /(?:->|\.)vm_ops$/.test(name));
  if (event?.value.kind !== 'pointer' || installed?.value.kind !== 'pointer' || !maySucceed(entry, path)) return undefined;
  const { type } = event.value.place.object;
  const table = driver.tables.find(
    ({ name, container }) =>
      container === 'vm_operations_struct' && installed.value.kind === 'pointer' && name === installed.value.place.object.name,
  );
  const hook = table?.entries.find(({ slot, function: name }) => reading.has(slot) && driver.functions.has(name))?.slot;
  if (type.kind !== 'struct' || type.name === undefined || event.value.place.path.length > 0 || !table || hook === undefined)
    return undefined;
  if (countsOf(path).some(({ direction }) => direction === 'take') || isCounted(driver, entry, table)) return undefined;
  return { event, struct: type.name, hook, table };
}

/** Whether the handler or open counts something, in whatever way. */
function isCounted(driver: Driver, { entry }: EntryAnalysis, table: OpsTable): boolean {
  const open = table.entries.find(({ slot }) => slot === 'open');
  return (
    firstCount(driver, entry.function, 'up') !== undefined || (open !== undefined && firstCount(driver, open.function, 'up') !== undefined)
  );
}

// ---- what the object points to -----------------------------------------------------------------------------------------

/** A function of other drivers by which a device is taken down. */
const takingDown = /(?:^|_)(?:cleanup|exit|fini|remove|destroy|unregister|detach|disconnect|teardown)(?:_|$)/;

/** Something that frees what hooks reach through the object, when the device goes away: its removal, or a function for other drivers. */
function whoTakesDown(
  driver: Driver,
  sites: readonly FreeSite[],
  { struct, table }: Kept,
): { readonly site: FreeSite; readonly field: string; readonly by: string } | undefined {
  const own = sites.filter((site) => site.struct === struct && site.field !== undefined);
  if (own.length === 0) return undefined;
  const hooks = table.entries.filter(({ slot }) => reading.has(slot)).map((entry) => entry.function);
  const read = new Set(hooks.flatMap((hook) => [...withCallees(driver, hook)]));
  if ([...read].some((name) => asksForLife(driver, name))) return undefined;
  for (const site of own) {
    const { field, uses } = site;
    if (field === undefined || !readsField(driver, read, struct, field)) continue;
    const slot = chainsTo(driver, uses.function.name, isRemoval).find((chain) => !waits(driver, chain))?.slot;
    const by = slot ?? exportedTo(driver, uses.function.name);
    if (by !== undefined) return { site, field, by };
  }
  return undefined;
}

function reportOfPart(
  entry: EntryAnalysis,
  kept: Kept,
  { site, field, by }: { readonly site: FreeSite; readonly field: string; readonly by: string },
): Report {
  const message = `\`${kept.event.name}\` points to a \`struct ${kept.struct}\`, whose \`${field}\` is used by \`.${kept.hook}\`, and ${by} frees that while mappings live: they keep the file, and not the device. Let the mapping hold a state of its own that is counted in mmap, .open and .close and that says when the device is gone; or take the mappings down with unmap_mapping_range() first.`;
  const related = [{ file: site.file, span: site.span, message: 'It is freed here.' }];
  return reportOn({ entry, event: kept.event }, kept.event.span, message, { related });
}

/** Whether the function reads the field of such an object. */
function readsField(driver: Driver, functions: Iterable<string>, struct: string, field: string): boolean {
  return [...functions].some((name) => {
    const uses = usesOf(driver, name);
    return uses?.expressions.some(
      (each) => each.kind === 'member' && each.field === field && structOf(uses, driver, each.object) === struct,
    );
  });
}

/** Whether the function asks whether the device is still there. */
function asksForLife(driver: Driver, name: string): boolean {
  return (usesOf(driver, name)?.expressions ?? []).some(
    (each) =>
      (each.kind === 'member' && /dead|gone|removed|unplugged|disconnected|alive|dying|shutdown/.test(each.field)) ||
      (each.kind === 'call' && each.callee.kind === 'name' && /_dev_enter$|_is_unplugged$|_tryget$|test_bit/.test(each.callee.name)),
  );
}

/** A function for other drivers, named so that it takes a device down, from which calls lead to `target`. */
function exportedTo(driver: Driver, target: string): string | undefined {
  for (const { name, file, isStatic } of driver.functions.values())
    if (file === driver.file && !isStatic && takingDown.test(name) && withCallees(driver, name).has(target)) return `\`${name}()\``;
  return undefined;
}

// ---- the object itself -----------------------------------------------------------------------------------------------

/** Something that frees such objects while the file may be open: an ioctl, or the removal of the device. */
function whoFrees(
  driver: Driver,
  sites: readonly FreeSite[],
  struct: string,
): { readonly site: FreeSite; readonly slot: string } | undefined {
  for (const site of sites) {
    if (site.freed !== struct) continue;
    for (const chain of chainsTo(driver, site.uses.function.name, (end) => isRunning(end) || isRemoval(end))) {
      if (!waits(driver, chain)) return { site, slot: chain.slot };
    }
  }
  return undefined;
}

/** Whether a function of the chain counts down, takes mappings down, waits, or asks whether somebody is left. */
function waits(driver: Driver, chain: Chain): boolean {
  return usesOfChain(driver, chain).some((uses) =>
    uses.expressions.some(
      (each) =>
        each.kind === 'call' &&
        each.callee.kind === 'name' &&
        /_dec_and_|^kref_put|^unmap_mapping_|^zap_|^wait_|^vfio_(?:unregister|del)_group_dev$|_empty$|_busy$|_count$|atomic_read|refcount_read/.test(
          each.callee.name,
        ),
    ),
  );
}
