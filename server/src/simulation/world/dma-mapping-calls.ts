/**
 * Streaming DMA mappings (`kernel/dma/mapping.c`) on a machine without an IOMMU: the bus address of memory is its physical
 * address, and nothing is left to do when the mapping ends.
 */
import { PAGE_SHIFT, PAGE_SIZE } from '../../mm/units.ts';
import type { KernelCall, KernelCallTable } from './call-context.ts';
import { intValue, nothing } from './values.ts';

/** `dma_map_single(dev, ptr, size, dir)`. */
const mapSingle: KernelCall = (context) => {
  const place = context.place(1);
  const pfn = place && context.environment.memory.pfnOf(place);
  return pfn === undefined ? undefined : context.result((BigInt(pfn) << PAGE_SHIFT) + ((context.ulong(1) ?? 0n) & (PAGE_SIZE - 1n)));
};

/** `dma_map_page(dev, page, offset, size, dir)`. */
const mapPage: KernelCall = (context) => {
  const pfn = context.page(1);
  const offset = context.ulong(2);
  return pfn === undefined || offset === undefined ? undefined : context.result((pfn << PAGE_SHIFT) + offset);
};

/** `dma_map_resource(dev, phys, size, dir, attrs)`. */
const mapResource: KernelCall = (context) => {
  const physical = context.ulong(1);
  return physical === undefined ? undefined : context.result(physical);
};

const unmap: KernelCall = () => nothing;

export const dmaMappingCalls: KernelCallTable = {
  dma_map_single: mapSingle,
  dma_map_single_attrs: mapSingle,
  dma_map_page: mapPage,
  dma_map_page_attrs: mapPage,
  dma_map_resource: mapResource,
  dma_mapping_error: () => intValue(0),
  dma_unmap_single: unmap,
  dma_unmap_page: unmap,
  dma_unmap_resource: unmap,
};
