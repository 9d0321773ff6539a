/** `zap-vma-ptes-mixed`: `zap_vma_ptes()` on a vma that it leaves alone. */
import type { Report, Rule } from './rule.ts';
import { callsOnPaths, oncePerPlace } from './support/path-calls.ts';
import { flagAt } from './support/questions.ts';
import { reportOn } from './support/reports.ts';

export const zapVmaPtesMixed: Rule = {
  name: 'zap-vma-ptes-mixed',
  severity: 'warning',
  summary: '`zap_vma_ptes()` does nothing to a vma without VM_PFNMAP.',
  byEntry: true,
  check(context) {
    const { version } = context.driver.target;
    return oncePerPlace(
      callsOnPaths(context, (name) => name === 'zap_vma_ptes'),
      (call): Report | undefined => {
        if (flagAt(call, 'VM_PFNMAP', version) !== 'clear') return undefined;
        return reportOn(
          call,
          call.event.nameSpan,
          '`zap_vma_ptes()` returns at once for a vma that has no VM_PFNMAP, and tells nobody: the pages stay mapped. Use unmap_mapping_range() for pages that were inserted.',
        );
      },
    );
  },
};
