/** `mixed-pfnmap-insert-page`: a counted page goes into a vma that has VM_PFNMAP. */
import type { Report, Rule } from './rule.ts';
import { callsOnPaths, functionOf, oncePerPlace } from './support/path-calls.ts';
import { flagAt, reachingModel } from './support/questions.ts';
import { originOfFlag } from './support/rights/flag-origin.ts';
import { witnessOf } from './support/witness.ts';

/** Calls that go through `vm_insert_page()`'s assertion (mm/memory.c). */
const inserting: ReadonlySet<string> = new Set([
  'vm_insert_page',
  'vm_insert_pages',
  'vm_map_pages',
  'vm_map_pages_zero',
  'vmf_insert_page',
]);

export const mixedPfnmapInsertPage: Rule = {
  name: 'mixed-pfnmap-insert-page',
  severity: 'error',
  summary: 'A page is inserted into a vma that was declared to hold raw page frame numbers.',
  versions: { since: { major: 3, minor: 7, patch: 0 } },
  provedBy: ['kernel-bug'],
  check(context) {
    const { version } = context.driver.target;
    const calls = callsOnPaths(context, (name) => inserting.has(name));
    return oncePerPlace(calls, (call): Report | undefined => {
      const { entry, path, event } = call;
      if (flagAt(call, 'VM_PFNMAP', version) !== 'set' || flagAt(call, 'VM_MIXEDMAP', version) !== 'clear') return undefined;
      const origin = originOfFlag(path, event, 'VM_PFNMAP', version);
      return {
        file: event.file,
        span: event.nameSpan,
        function: functionOf(event),
        handler: entry.entry.handler,
        message: `\`${event.name}()\` counts its page, but the vma has VM_PFNMAP here: the kernel stops with a BUG. Map all of it by pfn, or drop VM_PFNMAP and insert all of it as pages.`,
        related: origin ? [origin] : [],
        fixes: [],
        witness: witnessOf(call, reachingModel(call) ?? new Map()),
      };
    });
  },
};
