/** `mmio-cached`: registers are mapped with the protection of memory, so that the processor caches them. */

import type { CallEvent, Path } from '../analysis/path.ts';
import type { Driver } from '../driver/model.ts';
import type { Term } from '../execution/term.ts';
import { symbolsOf } from '../execution/term-evaluate.ts';
import { printTerm } from '../execution/term-print.ts';
import type { Report, ReportFix, Rule, RuleContext } from './rule.ts';
import { slotsOf } from './support/checked.ts';
import { insertingBefore, noFix, textAt, vmaAt } from './support/fixes/fixes.ts';
import { mappingCall, targetOf } from './support/mapping-calls.ts';
import { mmapOf } from './support/mapping-of-table.ts';
import { cacheTypeOf, setsCacheType } from './support/memory/cache-type.ts';
import { registersIn } from './support/memory/mmio.ts';
import { callsOnPaths, oncePerPlace, type PathCall } from './support/path-calls.ts';
import { dependsOnOffset, isJudged } from './support/questions.ts';
import { reportOn } from './support/reports.ts';

export const mmioCached: Rule = {
  name: 'mmio-cached',
  severity: 'warning',
  summary: 'Registers are mapped as if they were memory that may be cached.',
  check(context) {
    const { driver } = context;
    const { version } = driver.target;
    return oncePerPlace(
      callsOnPaths(context, (name) => mappingCall(name) !== undefined),
      (call): Report | undefined => {
        const { event } = call;
        const target = targetOf(event, version);
        const registers = target && (registersIn(driver, target.pfn) ?? namedByCall(call, target.pfn));
        if (registers === undefined || !isJudged(call.path, event)) return undefined;
        if (cacheTypeOf(call.path, event, version) !== 'cached' || !isCachedSince(context, call)) return undefined;
        return reportOn(
          call,
          event.nameSpan,
          `\`${registers}\` is the address of registers, and the vma still has the protection of memory: where the processor does not know better, as on ARM, reads come from the cache, and writes are merged, reordered or kept back. Set vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot) first, or pgprot_writecombine() for a frame buffer.`,
          { fixes: notCaching(driver, event) },
        );
      },
    );
  },
};

/** Before a call that takes the protection of the vma as it is. */
function notCaching(driver: Driver, event: CallEvent): readonly ReportFix[] {
  const vma = vmaAt(driver, event);
  const passes = event.argumentSpans.some((span) => textAt(driver, { file: event.file, span }) === `${vma}->vm_page_prot`);
  if (vma === undefined || (!passes && event.name !== 'vm_iomap_memory')) return noFix;
  const statement = `${vma}->vm_page_prot = pgprot_noncached(${vma}->vm_page_prot);`;
  return insertingBefore(driver, event, [statement], { title: 'Set vm_page_prot to pgprot_noncached()' });
}

/** The user's offset alone, which says nothing of what is there: what is mapped with the call for registers is registers. */
function namedByCall({ entry, event }: PathCall, pfn: Term): string | undefined {
  const isUsers = [...symbolsOf(pfn).values()].every(({ control }) => control === 'user') && dependsOnOffset(entry, pfn);
  return isUsers && forRegisters.has(event.name) ? printTerm(pfn) : undefined;
}

const forRegisters: ReadonlySet<string> = new Set(['io_remap_pfn_range', 'io_remap_page_range']);

/** Nobody else has set the protection: not the mmap handler of the table, nor whoever calls a handler that is not the kernel's own. */
function isCachedSince({ driver, entries }: RuleContext, { entry, event }: PathCall): boolean {
  const { version } = driver.target;
  const { handler } = entry.entry;
  if (!handler || slotsOf(driver, handler).length === 0) return false;
  // A call that is reached with another protection too stands behind a decision.
  if (handler.kind === 'mmap')
    return !entry.paths.some((path) =>
      path.events.some(
        (each) => each.kind === 'call' && each.nameSpan.start === event.nameSpan.start && cacheTypeOf(path, each, version) !== 'cached',
      ),
    );
  const mapping = mmapOf(driver, entries, handler.registeredAt?.table);
  return mapping?.entry.complete === true && !mapping.paths.some((path) => path.doubts.length > 0 || setsProtection(path));
}

function setsProtection({ events }: Path): boolean {
  return events.some((event) => event.vma?.known === false || setsCacheType(event));
}
