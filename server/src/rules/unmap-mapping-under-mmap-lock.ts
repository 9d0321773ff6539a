/** `unmap-mapping-under-mmap-lock`: mappings of a file are taken down under the mmap lock. */
import type { Report, Rule } from './rule.ts';
import { callsOnPaths, oncePerPlace } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';

const unmapping: ReadonlySet<string> = new Set(['unmap_mapping_range', 'unmap_mapping_pages', 'unmap_shared_mapping_range']);

export const unmapMappingUnderMmapLock: Rule = {
  name: 'unmap-mapping-under-mmap-lock',
  severity: 'error',
  summary: 'unmap_mapping_range() runs under the mmap lock, against the order of locks.',
  check(context) {
    return oncePerPlace(
      callsOnPaths(context, (name) => unmapping.has(name)),
      (call): Report | undefined => {
        const { event } = call;
        if (event.mmapLock !== 'write') return undefined;
        return reportOn(
          call,
          event.nameSpan,
          `\`${event.name}()\` takes the lock of the file's mappings, and the mmap lock is held for write here: with another process that maps the same file the two wait for each other. Call it where no mmap lock is held; inside one vma use zap_vma_ptes().`,
        );
      },
    );
  },
};
