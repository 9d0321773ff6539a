/** `vm-flags-init-live`: the flags of a vma that is in use are replaced as a whole. */
import type { Report, Rule } from './rule.ts';
import { callingInstead } from './support/fixes/fixes.ts';
import { callsOnPaths, oncePerPlace } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';

export const vmFlagsInitLive: Rule = {
  name: 'vm-flags-init-live',
  severity: 'warning',
  summary: '`vm_flags_init()` replaces the flags of a vma that the kernel has set up already.',
  versions: { since: { major: 6, minor: 3, patch: 0 } },
  byEntry: true,
  check(context) {
    const calls = callsOnPaths(context, (name) => name === 'vm_flags_init');
    return oncePerPlace(calls, (call): Report | undefined => {
      const { entry, event } = call;
      const [vma, flags] = event.arguments;
      if (!entry.entry.handler || vma?.kind !== 'pointer' || !isOwnVma(vma.place.object.origin)) return undefined;
      // Flags made of those that the vma has lose nothing.
      if (flags?.kind === 'integer' && flags.term.kind !== 'constant') return undefined;
      const title = 'Use vm_flags_set() (check whether flags were to be cleared)';
      const fixes = callingInstead(context.driver, event, 'vm_flags_set', { title, safe: false });
      return reportOn(
        call,
        event.nameSpan,
        '`vm_flags_init()` is for a vma that nobody knows yet: here it drops the VM_MAY bits and the sharing that mmap(2) has decided, and takes no lock. Use vm_flags_set() or vm_flags_mod().',
        { fixes },
      );
    });
  },
};

/** The vma that the handler was entered with, and none that the driver has made. */
function isOwnVma(origin: { readonly kind: string }): boolean {
  return origin.kind === 'kernel' || origin.kind === 'assumed';
}
