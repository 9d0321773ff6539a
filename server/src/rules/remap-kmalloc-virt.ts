/** `remap-kmalloc-virt`: linear-map arithmetic on an address that is not in the linear map. */
import { allocationOf } from '../analysis/provenance.ts';
import { constantOf } from '../execution/term.ts';
import type { Report, Rule } from './rule.ts';
import { callsOnPaths, oncePerPlace, type PathCall } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';

/** Calls that subtract the offset of the linear map. */
const linear: ReadonlySet<string> = new Set([
  'virt_to_phys',
  '__pa',
  'virt_to_page',
  'virt_to_pfn',
  'virt_to_head_page',
  'virt_to_bus',
  'isa_virt_to_bus',
]);

/** What the memory is, and how to map it, by its kind. */
const instead: Readonly<Record<string, readonly [what: string, advice: string]>> = {
  vmalloc: ['pages that are mapped elsewhere, one by one', 'Map it with remap_vmalloc_range(), or ask vmalloc_to_page() for each page'],
  dma: ['memory whose address may lie in another mapping', 'Map it with dma_mmap_coherent()'],
  iomem: ['registers behind a mapping of their own', 'Keep the physical address that was given to ioremap(), and map that'],
};

/** DMA memory that is always pages of the linear map (`dma_alloc_pages`, kernel/dma/mapping.c). */
const inLinearMap: ReadonlySet<string> = new Set(['dma_alloc_noncoherent']);

export const remapKmallocVirt: Rule = {
  name: 'remap-kmalloc-virt',
  severity: 'error',
  summary: 'A physical address is computed from a kernel address that is not in the linear map.',
  check(context) {
    return oncePerPlace(
      callsOnPaths(context, (name) => linear.has(name)),
      (call): Report | undefined => {
        const { event } = call;
        const [address] = event.arguments;
        const allocation = address && allocationOf(context.driver, address);
        const known = allocation && !inLinearMap.has(allocation.call) ? instead[allocation.allocator.memory] : undefined;
        if (!allocation || !known || hasNoHandle(call)) return undefined;
        const [what, advice] = known;
        return reportOn(
          call,
          event.nameSpan,
          `\`${allocation.call}()\` returns ${what}, and \`${event.name}()\` is right for the linear map alone: the result is some other memory. ${advice}.`,
        );
      },
    );
  },
};

/** A path on which there is no DMA handle is one without DMA memory: the pointer then holds something else. */
function hasNoHandle({ path, event }: PathCall): boolean {
  return path.conditions.slice(0, event.after).some(({ term }) => {
    const [left, right] = term.kind === 'operation' && term.operator === 'eq' ? term.operands : [];
    return left?.kind === 'symbol' && left.symbol.type.name === 'dma_addr_t' && right !== undefined && constantOf(right) === 0n;
  });
}
