/** `open-not-called-first`: the count of mappings goes up in `.open` alone, which the kernel does not call for the first one. */

import type { PathEvent, WriteEvent } from '../analysis/path.ts';
import type { Driver, OpsTable } from '../driver/model.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { insertingBefore, noFix, vmaAt } from './support/fixes/fixes.ts';
import { firstCount } from './support/lifetime/counting.ts';
import { functionOf } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';
import { usesOf } from './support/text/uses.ts';

export const openNotCalledFirst: Rule = {
  name: 'open-not-called-first',
  severity: 'error',
  summary: 'References are counted in `.open` and `.close`, and the mmap handler takes none for the first mapping.',
  provedBy: ['refcount-underflow', 'use-after-free'],
  shownBy: [`open rw\na = mmap len 1p off 0p prot rw shared expect any\nexit\n`],
  check({ driver, entries }) {
    const reports = new Map<string, Report>();
    for (const entry of entries) {
      const { handler } = entry.entry;
      if (handler?.kind !== 'mmap' || !handler.defined) continue;
      for (const event of entry.paths.flatMap((path) => path.events)) {
        const table = event.kind === 'write' ? tableOf(driver, event) : undefined;
        const open = table?.entries.find(({ slot }) => slot === 'open')?.function;
        const close = table?.entries.find(({ slot }) => slot === 'close')?.function;
        if (!table || open === undefined || close === undefined || reports.has(table.name)) continue;
        const take = firstCount(driver, open, 'up');
        const drop = firstCount(driver, close, 'last');
        if (!take || !drop || takes(driver, handler.function, open) || startsAtOne(driver)) continue;
        const message = `The kernel does not call .open for the mapping that mmap(2) makes, so \`${handler.function}()\` leaves it uncounted: the first close drops the last reference, while others still use the object. Call \`${open}(vma)\` at the end of the handler.`;
        const related = [
          { file: take.file, span: take.span, message: `.open takes the reference here, with ${take.what}.` },
          { file: drop.file, span: drop.span, message: `.close drops it here, with ${drop.what}.` },
        ];
        reports.set(
          table.name,
          reportOn({ entry, event }, event.span, message, { related, fixes: countingFirst(driver, handler.function, event, open) }),
        );
      }
    }
    return [...reports.values()];
  },
};

function tableOf(driver: Driver, event: WriteEvent): OpsTable | undefined {
  if (!/(?:->|\.)vm_ops$/.test(event.name) || event.value.kind !== 'pointer') return undefined;
  const { name } = event.value.place.object;
  return driver.tables.find((table) => table.name === name && table.container === 'vm_operations_struct');
}

/** Whether the handler counts itself: by calling open, directly or through the table, or by taking a reference of its own. */
function takes(driver: Driver, handler: string, open: string): boolean {
  if (firstCount(driver, handler, 'up')) return true;
  const uses = usesOf(driver, handler);
  return (uses?.expressions ?? []).some((each) => {
    if (each.kind !== 'call') return false;
    return each.callee.kind === 'name' ? each.callee.name === open : each.callee.kind === 'member' && each.callee.field === 'open';
  });
}

/** A count that begins with the first mapping. */
function startsAtOne(driver: Driver): boolean {
  return driver.text.mentions(
    /\b(?:refcount_set|atomic_set)\s*\([^;]*,\s*1\s*\)|\bkref_init\s*\(|\b\w*(?:count|ref|usage|users|use)\w*\s*=\s*1\s*;/,
  );
}

/** Before the last statement of the handler, when that says success. */
function countingFirst(driver: Driver, handler: string, event: PathEvent, open: string): readonly ReportFix[] {
  const vma = vmaAt(driver, event);
  const uses = usesOf(driver, handler);
  const last = uses?.function.body.statements.at(-1);
  const isSuccess = last?.kind === 'return' && last.value?.kind === 'number' && last.value.value === 0n;
  if (!uses || !last || !isSuccess || vma === undefined || functionOf(event) !== handler) return noFix;
  return insertingBefore(driver, { file: uses.file, span: last.span }, [`${open}(${vma});`], {
    title: `Call ${open}() for the first mapping`,
  });
}
