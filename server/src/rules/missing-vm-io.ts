/** `missing-vm-io`: on kernels before 2.6.11 nobody marks a remapped vma but the driver. */
import type { Report, Rule } from './rule.ts';
import { settingFlags } from './support/fixes/fixes.ts';
import { callsOnPaths, oncePerPlace } from './support/path-calls.ts';
import { endOf, flagAt } from './support/questions.ts';
import { reportOn } from './support/reports.ts';
import { maySucceed } from './support/results/outcomes.ts';

export const missingVmIo: Rule = {
  name: 'missing-vm-io',
  severity: 'warning',
  summary: 'A remapped vma has neither VM_IO nor VM_RESERVED, so that the kernel takes it for memory.',
  versions: { until: { major: 2, minor: 6, patch: 11 } },
  check(context) {
    const { driver } = context;
    const { version } = driver.target;
    return oncePerPlace(
      callsOnPaths(context, (name) => name === 'remap_page_range' || name === 'io_remap_page_range'),
      (call): Report | undefined => {
        const { entry, path, event } = call;
        const end = endOf(entry, path);
        if (entry.entry.handler?.kind !== 'mmap' || !maySucceed(entry, path) || !end) return undefined;
        if (['VM_IO', 'VM_RESERVED'].some((flag) => flagAt(end, flag, version) !== 'clear')) return undefined;
        return reportOn(
          call,
          event.nameSpan,
          `\`${event.name}()\` marks nothing: reclaim goes through the entries as if they were memory that can be swapped, and get_user_pages() and core dumps read the device. Set vma->vm_flags |= VM_IO | VM_RESERVED.`,
          { fixes: settingFlags(driver, event, 'VM_IO | VM_RESERVED', { title: 'Set VM_IO | VM_RESERVED' }) },
        );
      },
    );
  },
};
