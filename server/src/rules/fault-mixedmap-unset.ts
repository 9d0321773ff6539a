/** `fault-mixedmap-unset`: a fault handler inserts a page into a vma that was not declared to take pages. */
import type { Report, Rule } from './rule.ts';
import { settingFlags } from './support/fixes/fixes.ts';
import { faultKinds } from './support/kinds.ts';
import { isInstall, mmapOf } from './support/mapping-of-table.ts';
import { callsOnPaths, oncePerPlace } from './support/path-calls.ts';
import { flagAt } from './support/questions.ts';
import { reportOn } from './support/reports.ts';

/** Calls that set VM_MIXEDMAP themselves where it is missing, and assert the write lock for it (mm/memory.c). */
const inserting: ReadonlySet<string> = new Set([
  'vm_insert_page',
  'vm_insert_pages',
  'vmf_insert_page',
  'vm_map_pages',
  'vm_map_pages_zero',
]);

export const faultMixedmapUnset: Rule = {
  name: 'fault-mixedmap-unset',
  severity: 'error',
  summary: 'A fault handler inserts pages, and the mmap handler has not set VM_MIXEDMAP.',
  provedBy: ['kernel-bug'],
  versions: { since: { major: 3, minor: 7, patch: 0 } },
  check(context) {
    const { driver, entries } = context;
    const { version } = driver.target;
    return oncePerPlace(
      callsOnPaths(context, (name) => inserting.has(name)),
      (call): Report | undefined => {
        const { handler, mmapLock } = call.entry.entry;
        if (!handler || !faultKinds.has(handler.kind) || mmapLock === 'write') return undefined;
        if (flagAt(call, 'VM_MIXEDMAP', version) !== 'clear' || flagAt(call, 'VM_PFNMAP', version) !== 'clear') return undefined;
        const install = mmapOf(driver, entries, handler.registeredAt?.table)
          ?.paths.flatMap(({ events }) => events)
          .find(isInstall);
        const fixes = install ? settingFlags(driver, install, 'VM_MIXEDMAP', { title: 'Set VM_MIXEDMAP in the mmap handler' }) : [];
        return reportOn(
          call,
          call.event.nameSpan,
          `\`${call.event.name}()\` wants to set VM_MIXEDMAP, which needs the write lock, and a fault holds the lock for read: the kernel stops with a BUG. Set VM_MIXEDMAP in the mmap handler.`,
          { fixes },
        );
      },
    );
  },
};
