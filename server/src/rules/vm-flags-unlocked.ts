/** `vm-flags-unlocked`: a vma is changed under the read side of the mmap lock, by a function that takes that side itself. */
import { atLeast } from '../kernel/version.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { flowThrough } from './support/flow.ts';
import { flagHelpers } from './support/kinds.ts';
import { lockCall } from './support/locks.ts';
import { type MmapHeld, meetMmap, mmapAfter } from './support/mmap-held.ts';
import { reportIn } from './support/reports.ts';
import { structOf, usesIn } from './support/uses.ts';

/** Fields of a vma that change under the write lock alone, and that a driver has reason to change. */
const fields: ReadonlySet<string> = new Set(['vm_flags', 'vm_ops', 'vm_page_prot', 'vm_start', 'vm_end', 'vm_pgoff', 'vm_file']);

export const vmFlagsUnlocked: Rule = {
  name: 'vm-flags-unlocked',
  severity: 'error',
  summary: 'The flags or the operations of a vma change while the mmap lock is held for read.',
  check({ driver }) {
    const { version } = driver.target;
    const reports: Report[] = [];
    for (const uses of usesIn(driver, /\bmmap_read_\w*lock\b|\bdown_read\w*\s*\([^;]*mmap_/)) {
      let isDone = false;
      const step = (each: Expression, held: MmapHeld): MmapHeld => {
        const next = mmapAfter(uses.file, each);
        if (next) return next;
        const change = held !== 'nothing' && held.mode === 'read' && !isDone ? changeIn(each) : undefined;
        if (held === 'nothing' || !change || structOf(uses, driver, change.vma) !== 'vm_area_struct') return held;
        isDone = true;
        const now = atLeast(version, 6, 3) ? ' From 6.3 on vm_flags_set() stops here with a warning.' : '';
        const message = `\`${change.text}\` changes the vma while the mmap lock is held for read: other threads that hold it too, faults among them, read what changes under their hands. Take ${lockCall(version, 'write')}.${now}`;
        reports.push(reportIn(uses, change.span, message, { related: [{ ...held, message: 'The lock is taken for read here.' }] }));
        return held;
      };
      flowThrough<MmapHeld>(uses.function.body, 'nothing', { step, join: meetMmap });
    }
    return reports;
  },
};

interface Change {
  readonly vma: Expression;
  readonly text: string;
  readonly span: Expression['span'];
}

/** A change of a vma, and the vma. */
function changeIn(each: Expression): Change | undefined {
  if (each.kind === 'assignment' && each.target.kind === 'member' && fields.has(each.target.field))
    return { vma: each.target.object, text: `${each.target.arrow ? '->' : '.'}${each.target.field}`, span: each.target.span };
  if (each.kind !== 'call' || each.callee.kind !== 'name' || !flagHelpers.has(each.callee.name)) return undefined;
  const [vma] = each.arguments;
  return vma && { vma, text: `${each.callee.name}()`, span: each.callee.span };
}
