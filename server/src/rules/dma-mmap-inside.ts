/** `dma-mmap-inside`: a DMA buffer is mapped from an address inside of it, and the call wants the one that the allocator gave. */
import { trailingBytes } from '../execution/place.ts';
import { constantOf } from '../execution/term.ts';
import type { Value } from '../execution/value.ts';
import type { Report, Rule } from './rule.ts';
import { argumentOf } from './support/mapping-calls.ts';
import { callsOnPaths, oncePerPlace } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';

const dmaCalls: ReadonlySet<string> = new Set(['dma_mmap_coherent', 'dma_mmap_attrs', 'dma_mmap_wc', 'dma_mmap_writecombine']);

export const dmaMmapInside: Rule = {
  name: 'dma-mmap-inside',
  severity: 'warning',
  summary: 'A DMA buffer is mapped from an address inside of it, where the address of its allocation is wanted.',
  byEntry: true,
  check(context) {
    const { version } = context.driver.target;
    return oncePerPlace(
      callsOnPaths(context, (name) => dmaCalls.has(name)),
      (call): Report | undefined => {
        const { event } = call;
        const address = argumentOf(event, 'kernel-address', version);
        if (!address || !isInside(address.value)) return undefined;
        return reportOn(
          call,
          event.argumentSpans[address.index] ?? event.nameSpan,
          `\`${event.name}()\` looks the buffer up by the address that the allocator gave, and this one lies inside of it: behind an IOMMU, or where the buffer has a mapping of its own, the pages from the start of the buffer are mapped, or none. Pass address, handle and size of the whole buffer, and choose the page in it with vma->vm_pgoff.`,
        );
      },
    );
  },
};

/** Something is added to the address of a buffer that the driver holds a pointer to. */
function isInside(value: Value): boolean {
  if (value.kind !== 'pointer' || value.place.object.origin.kind === 'local') return false;
  const trailing = trailingBytes(value.place);
  return trailing !== undefined && trailing.base.length === 0 && constantOf(trailing.bytes) !== 0n;
}
