/** `remap-in-fault`: a fault handler calls what only an mmap handler may call. */
import type { Report, Rule } from './rule.ts';
import { faultKinds } from './support/kinds.ts';
import { callsOnPaths, oncePerPlace } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';

/** Calls that change the flags of the vma, always. */
const remapping: ReadonlySet<string> = new Set([
  'remap_pfn_range',
  'io_remap_pfn_range',
  'vm_iomap_memory',
  'remap_page_range',
  'io_remap_page_range',
]);

export const remapInFault: Rule = {
  name: 'remap-in-fault',
  severity: 'error',
  summary: 'A fault handler remaps, which changes the flags of the vma under the read lock.',
  provedBy: ['lock-not-held', 'warning'],
  byEntry: true,
  check(context) {
    return oncePerPlace(
      callsOnPaths(context, (name) => remapping.has(name)),
      (call): Report | undefined => {
        const { handler } = call.entry.entry;
        if (
          !handler ||
          !(faultKinds.has(handler.kind) || handler.kind === 'nopage' || handler.kind === 'nopfn') ||
          call.event.mmapLock === 'write'
        )
          return undefined;
        return reportOn(
          call,
          call.event.nameSpan,
          `\`${call.event.name}()\` sets flags of the vma, and a fault holds the mmap lock for read alone; where two threads fault at once, the second one finds an entry and stops with a BUG. Map in the mmap handler, or insert with vmf_insert_pfn().`,
        );
      },
    );
  },
};
