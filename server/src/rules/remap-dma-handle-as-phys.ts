/** `remap-dma-handle-as-phys`: a bus address is used as a physical one. */
import type { Term } from '../execution/term.ts';
import { symbolsOf } from '../execution/term-evaluate.ts';
import type { Report, Rule } from './rule.ts';
import { targetOf } from './support/mapping-calls.ts';
import { callsOnPaths, oncePerPlace } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';

const remapping: ReadonlySet<string> = new Set([
  'remap_pfn_range',
  'vmf_insert_pfn',
  'vmf_insert_pfn_prot',
  'vm_insert_pfn',
  'vm_iomap_memory',
  'remap_page_range',
]);

export const remapDmaHandleAsPhys: Rule = {
  name: 'remap-dma-handle-as-phys',
  severity: 'error',
  summary: 'The address that a device uses for memory is mapped as if it were the physical one.',
  check(context) {
    const { version } = context.driver.target;
    return oncePerPlace(
      callsOnPaths(context, (name) => remapping.has(name)),
      (call): Report | undefined => {
        const target = targetOf(call.event, version);
        const handle = target && handleIn(target.pfn);
        if (!target || handle === undefined) return undefined;
        return reportOn(
          call,
          call.event.argumentSpans[target.index] ?? call.event.nameSpan,
          `\`${handle}\` is a bus address: behind an IOMMU, or on a bus with an offset, the physical memory at that number is somebody else's. Map with dma_mmap_coherent() or dma_mmap_attrs().`,
        );
      },
    );
  },
};

/** The name of a dma_addr_t that the pfn is made of. */
function handleIn(pfn: Term): string | undefined {
  return [...symbolsOf(pfn).values()].find(({ type, control }) => type.name === 'dma_addr_t' && control === 'driver')?.name;
}
