/** `private-data-unref`: the vma's private data is an object that somebody frees while vmas still point to it. */
import type { EntryAnalysis, Path, WriteEvent } from '../analysis/path.ts';
import type { Driver, OpsTable } from '../driver/model.ts';
import type { Report, Rule } from './rule.ts';
import { chainsTo, isRemoval, isRunning, usesOfChain } from './support/call-chains.ts';
import { firstCount } from './support/counting.ts';
import { type FreeSite, freeSites } from './support/free-sites.ts';
import { maySucceed } from './support/outcomes.ts';
import { countsOf } from './support/references.ts';
import { reportOn } from './support/reports.ts';

/** Hooks that read the private data after mmap has returned. */
const reading: ReadonlySet<string> = new Set(['fault', 'nopage', 'nopfn', 'huge_fault', 'access', 'close', 'page_mkwrite', 'pfn_mkwrite']);

export const privateDataUnref: Rule = {
  name: 'private-data-unref',
  severity: 'error',
  summary: 'vm_private_data points to an object that is freed elsewhere, and the mapping holds no reference to it.',
  check({ driver, entries }) {
    const sites = freeSites(driver).filter(({ freed, field }) => freed !== undefined || field !== undefined);
    if (sites.length === 0) return [];
    return entries.flatMap((entry): Report[] => {
      const { handler } = entry.entry;
      if (handler?.kind !== 'mmap') return [];
      for (const path of entry.paths) {
        const kept = keptObject(driver, entry, path);
        const freed = kept && whoFrees(driver, sites, kept.struct);
        if (!kept || !freed) continue;
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
  return { event, struct: type.name, hook };
}

/** Whether the handler or open counts something, in whatever way. */
function isCounted(driver: Driver, { entry }: EntryAnalysis, table: OpsTable): boolean {
  const open = table.entries.find(({ slot }) => slot === 'open');
  return (
    firstCount(driver, entry.function, 'up') !== undefined || (open !== undefined && firstCount(driver, open.function, 'up') !== undefined)
  );
}

/** Something that frees such objects while the file may be open: an ioctl, or the removal of the device. */
function whoFrees(
  driver: Driver,
  sites: readonly FreeSite[],
  struct: string,
): { readonly site: FreeSite; readonly slot: string } | undefined {
  for (const site of sites) {
    if (site.freed !== struct) continue;
    for (const chain of chainsTo(driver, site.uses.function.name)) {
      if (!isRunning(chain) && !isRemoval(chain)) continue;
      const waits = usesOfChain(driver, chain).some((uses) =>
        uses.expressions.some(
          (each) =>
            each.kind === 'call' &&
            each.callee.kind === 'name' &&
            /_dec_and_|^kref_put|^unmap_mapping_|^zap_|^wait_|_empty$|_busy$|_count$|atomic_read|refcount_read/.test(each.callee.name),
        ),
      );
      if (!waits) return { site, slot: chain.slot };
    }
  }
  return undefined;
}
