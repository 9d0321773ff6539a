/** `remap-vmalloc-not-user`: `remap_vmalloc_range()` on memory that it refuses. */

import { allocationOf } from '../analysis/provenance.ts';
import type { Report, Rule } from './rule.ts';
import { allocatedBy } from './support/fixes/allocation-fixes.ts';
import { callsOnPaths, oncePerPlace } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';

/** What the user variant of an allocator is called. */
const userVariant: Readonly<Record<string, string>> = {
  vmalloc: 'vmalloc_user()',
  vzalloc: 'vmalloc_user()',
  vmalloc_32: 'vmalloc_32_user()',
  vmalloc_node: 'vmalloc_user()',
  vzalloc_node: 'vmalloc_user()',
  __vmalloc: 'vmalloc_user()',
  kvmalloc: 'vmalloc_user()',
  kvzalloc: 'vmalloc_user()',
  kmalloc: 'vmalloc_user()',
  kzalloc: 'vmalloc_user()',
};

export const remapVmallocNotUser: Rule = {
  name: 'remap-vmalloc-not-user',
  severity: 'error',
  summary: '`remap_vmalloc_range()` is given memory that was not allocated for user space.',
  byEntry: true,
  check(context) {
    return oncePerPlace(
      callsOnPaths(context, (name) => name === 'remap_vmalloc_range' || name === 'remap_vmalloc_range_partial'),
      (call): Report | undefined => {
        const { event } = call;
        const address = event.arguments[event.name === 'remap_vmalloc_range' ? 1 : 2];
        const allocation = address && allocationOf(context.driver, address);
        const variant = allocation && userVariant[allocation.call];
        if (!allocation || variant === undefined) return undefined;
        return reportOn(
          call,
          event.nameSpan,
          `The kernel maps only vmalloc memory that is marked for user space, and \`${allocation.call}()\` does not mark it: each mmap(2) fails with EINVAL. Allocate it with ${variant}, which clears it too.`,
          { fixes: allocatedBy(context.driver, address, allocation.call, variant.replace('()', '')) },
        );
      },
    );
  },
};
