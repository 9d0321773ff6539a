/** `fault-sleeps-atomic`: a handler of a mapping calls what may sleep while it holds a spinlock or reads under RCU. */

import { allocatorOf, sleepingCalls } from '../analysis/known-calls.ts';
import type { CallEvent, HeldLock } from '../analysis/path.ts';
import type { Driver } from '../driver/model.ts';
import { constantOf } from '../execution/term.ts';
import { kernelConstant } from '../kernel/constants.ts';
import type { KernelVersion } from '../kernel/version.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { noFix, replacing, textAt } from './support/fixes/fixes.ts';
import { mappingCall } from './support/mapping-calls.ts';
import { callsOnPaths, oncePerPlace } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';

export const faultSleepsAtomic: Rule = {
  name: 'fault-sleeps-atomic',
  severity: 'warning',
  summary: 'A handler of a mapping calls what may sleep while it holds a spinlock or reads under RCU.',
  byEntry: true,
  check(context) {
    const { version } = context.driver.target;
    return oncePerPlace(callsOnPaths(context, maySleep), (call): Report | undefined => {
      const { event, entry } = call;
      const lock = event.locks.find(({ kind }) => kind === 'spinlock' || kind === 'rcu');
      const why = lock && entry.entry.handler ? whySleeping(event, version) : undefined;
      if (!lock || why === undefined) return undefined;
      const message = `\`${event.name}()\` ${why} and may sleep, under ${nameOf(lock)}: with preemption off the kernel reports "scheduling while atomic" and may hang. Let go of it before, or use a mutex.`;
      const related = [{ file: event.file, span: lock.span, message: 'Sleeping is forbidden from here on.' }];
      return reportOn(call, event.nameSpan, message, { related, fixes: atomically(context.driver, event) });
    });
  },
};

function maySleep(name: string): boolean {
  return sleepingCalls.has(name) || mappingCall(name) !== undefined || allocatorOf(name) !== undefined;
}

function nameOf({ kind, name }: HeldLock): string {
  return kind === 'rcu' ? 'rcu_read_lock()' : `the spinlock \`${name}\``;
}

function whySleeping(event: CallEvent, version: KernelVersion): string | undefined {
  if (sleepingCalls.has(event.name)) return 'waits';
  if (mappingCall(event.name)) return 'allocates page tables';
  const allocator = allocatorOf(event.name);
  if (!allocator) return undefined;
  if (allocator.memory === 'vmalloc') return 'allocates memory';
  const gfp = allocator.gfp === undefined ? undefined : event.arguments[allocator.gfp];
  const flags = gfp?.kind === 'integer' ? constantOf(gfp.term) : undefined;
  const reclaim = kernelConstant('__GFP_DIRECT_RECLAIM', version)?.value ?? 0n;
  return flags !== undefined && (flags & reclaim) !== 0n ? 'allocates memory with flags that let it wait' : undefined;
}

/** Asks for memory that is there, where the flags are spelled. */
function atomically(driver: Driver, { name, file, argumentSpans }: CallEvent): readonly ReportFix[] {
  const gfp = allocatorOf(name)?.gfp;
  const span = gfp === undefined ? undefined : argumentSpans[gfp];
  const text = span && textAt(driver, { file, span });
  if (!span || !text || !/\bGFP_KERNEL\b/.test(text)) return noFix;
  const title = 'Allocate with GFP_ATOMIC (check that a failure is answered)';
  return replacing({ file, span }, text.replace(/\bGFP_KERNEL\b/, 'GFP_ATOMIC'), { title, safe: false });
}
