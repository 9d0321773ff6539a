/** `remap-vmalloc-contiguous`: several pages of vmalloc memory are mapped as if they lay side by side. */
import { constantOf, type Term } from '../execution/term.ts';
import { PAGE_SIZE } from '../kernel/constants.ts';
import type { Report, Rule } from './rule.ts';
import { mappingBuffer } from './support/fixes/whole-buffer.ts';
import { argumentOf, targetOf, termOf } from './support/mapping-calls.ts';
import { callsOnPaths, functionOf, oncePerPlace } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';

const remapping: ReadonlySet<string> = new Set(['remap_pfn_range', 'io_remap_pfn_range']);

export const remapVmallocContiguous: Rule = {
  name: 'remap-vmalloc-contiguous',
  severity: 'error',
  summary: 'Several pages of vmalloc memory are remapped in one call, from the pfn of the first.',
  provedBy: ['foreign-memory'],
  byEntry: true,
  check(context) {
    const { version } = context.driver.target;
    return oncePerPlace(
      callsOnPaths(context, (name) => remapping.has(name)),
      (call): Report | undefined => {
        const { event } = call;
        const target = targetOf(event, version);
        const size = termOf(argumentOf(event, 'size', version)?.value);
        if (!target || !size || event.iteration !== undefined || !isFirstPage(target.pfn)) return undefined;
        const bytes = constantOf(size);
        if (bytes !== undefined && bytes <= PAGE_SIZE) return undefined;
        return reportOn(
          call,
          event.argumentSpans[target.index] ?? event.nameSpan,
          'The pages of vmalloc memory lie anywhere: behind the first one comes memory of somebody else. Map page by page with vmalloc_to_pfn(), or all of it with remap_vmalloc_range().',
          { fixes: mappingBuffer(context.driver, functionOf(event), event.nameSpan) },
        );
      },
    );
  },
};

/** The pfn is what `vmalloc_to_pfn()` or a page of vmalloc memory gives, as it is. */
function isFirstPage(pfn: Term): boolean {
  if (pfn.kind !== 'operation' || pfn.operator !== 'apply') return false;
  if (pfn.name === 'vmalloc_to_pfn') return true;
  const [page] = pfn.operands;
  return pfn.name === 'page_to_pfn' && page?.kind === 'symbol' && page.symbol.name.includes('vmalloc_to_page(');
}
