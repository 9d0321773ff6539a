/** `fault-blocks`: a fault handler waits for something without a limit, under the mmap lock. */
import type { Report, Rule } from './rule.ts';
import { faultKinds } from './support/kinds.ts';
import { callsOnPaths, oncePerPlace } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';

/** Waits that end only when something happens. */
const waiting: ReadonlySet<string> = new Set([
  'wait_event', 'wait_event_interruptible', 'wait_event_killable', 'wait_event_freezable', 'wait_event_lock_irq',
  'wait_for_completion', 'wait_for_completion_interruptible', 'wait_for_completion_killable', 'wait_on_bit', 'dma_fence_wait',
  'interruptible_sleep_on', 'sleep_on',
]); // biome-ignore format: a table

export const faultBlocks: Rule = {
  name: 'fault-blocks',
  severity: 'info',
  summary: 'A fault handler waits without a limit of time while the mmap lock is held.',
  byEntry: true,
  check(context) {
    return oncePerPlace(
      callsOnPaths(context, (name) => waiting.has(name)),
      (call): Report | undefined => {
        const { event, entry } = call;
        const { handler } = entry.entry;
        if (!handler || !faultKinds.has(handler.kind) || event.mmapLock === 'none') return undefined;
        const message = `\`${event.name}()\` waits as long as it takes, and the mmap lock is held for read meanwhile: every mmap, munmap and fork of the process waits too. Wait with a timeout, or drop the lock and return VM_FAULT_RETRY where the flags of the fault allow it.`;
        return reportOn(call, event.nameSpan, message);
      },
    );
  },
};
