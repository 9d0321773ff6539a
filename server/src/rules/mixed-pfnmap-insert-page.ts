/** `mixed-pfnmap-insert-page`: a counted page goes into a vma that has VM_PFNMAP. */
import type { Driver } from '../driver/model.ts';
import type { Place, Report, ReportFix, Rule } from './rule.ts';
import { noFix, replacing, statementAround, textAt } from './support/fixes/fixes.ts';
import { callsOnPaths, functionOf, oncePerPlace } from './support/path-calls.ts';
import { flagAt, reachingModel } from './support/questions.ts';
import { originOfFlag } from './support/rights/flag-origin.ts';
import { witnessOf } from './support/witness.ts';

/** Calls that go through `vm_insert_page()`'s assertion (mm/memory.c). */
const inserting: ReadonlySet<string> = new Set([
  'vm_insert_page',
  'vm_insert_pages',
  'vm_map_pages',
  'vm_map_pages_zero',
  'vmf_insert_page',
]);

export const mixedPfnmapInsertPage: Rule = {
  name: 'mixed-pfnmap-insert-page',
  severity: 'error',
  summary: 'A page is inserted into a vma that was declared to hold raw page frame numbers.',
  versions: { since: { major: 3, minor: 7, patch: 0 } },
  provedBy: ['kernel-bug'],
  check(context) {
    const { version } = context.driver.target;
    const calls = callsOnPaths(context, (name) => inserting.has(name));
    return oncePerPlace(calls, (call): Report | undefined => {
      const { entry, path, event } = call;
      if (flagAt(call, 'VM_PFNMAP', version) !== 'set' || flagAt(call, 'VM_MIXEDMAP', version) !== 'clear') return undefined;
      const origin = originOfFlag(path, event, 'VM_PFNMAP', version);
      return {
        file: event.file,
        span: event.nameSpan,
        function: functionOf(event),
        handler: entry.entry.handler,
        message: `\`${event.name}()\` counts its page, but the vma has VM_PFNMAP here: the kernel stops with a BUG. Map all of it by pfn, or drop VM_PFNMAP and insert all of it as pages.`,
        related: origin ? [origin] : [],
        fixes: origin ? declaringMixed(context.driver, origin) : noFix,
        witness: witnessOf(call, reachingModel(call) ?? new Map()),
      };
    });
  },
};

/** Where VM_PFNMAP is spelled among the flags that are set: declares a vma of pages. */
function declaringMixed(driver: Driver, { file, span }: Place): readonly ReportFix[] {
  const at = statementAround(driver, { file, span })?.statement;
  const text = at && textAt(driver, { file, span: at.span });
  const [flag, ...others] = text?.matchAll(/\bVM_PFNMAP\b/g) ?? [];
  if (!at || !flag || others.length > 0 || !text || !setting.test(text)) return noFix;
  const start = at.span.start + flag.index;
  const title = 'Declare VM_MIXEDMAP instead of VM_PFNMAP (check that all of the mapping is made of pages)';
  return replacing({ file, span: { start, end: start + flag[0].length } }, 'VM_MIXEDMAP', { title, safe: false });
}

/** A statement that does nothing but set flags of a vma. */
const setting = /^(?:vm_flags_set\s*\(\s*[\w.>-]+\s*,[\w\s|]+\)|[\w.>-]+->vm_flags\s*\|=[\w\s|]+);$/;
