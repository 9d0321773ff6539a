/** `remap-kmalloc-virt`: linear-map arithmetic on an address that is not in the linear map. */
import { allocationOf } from '../analysis/provenance.ts';
import type { Driver } from '../driver/model.ts';
import { constantOf } from '../execution/term.ts';
import { symbolsOf } from '../execution/term-evaluate.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { callingInstead } from './support/fixes/fixes.ts';
import { mappingBuffer } from './support/fixes/whole-buffer.ts';
import { valuesOfLocal } from './support/memory/mapped-memory.ts';
import { callsOnPaths, functionOf, oncePerPlace, type PathCall } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';
import { usesIn } from './support/text/uses.ts';

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
  byEntry: true,
  check(context) {
    const computed = oncePerPlace(
      callsOnPaths(context, (name) => linear.has(name)),
      (call): Report | undefined => {
        const { event } = call;
        const [address] = event.arguments;
        const allocation = address && allocationOf(context.driver, address);
        const known = allocation && !inLinearMap.has(allocation.call) ? instead[allocation.allocator.memory] : undefined;
        if (!allocation || !known || hasNoHandle(call) || asksTheController(allocation.call, call)) return undefined;
        const [what, advice] = known;
        return reportOn(
          call,
          event.nameSpan,
          `\`${allocation.call}()\` returns ${what}, and \`${event.name}()\` is right for the linear map alone: the result is some other memory. ${advice}.`,
          { fixes: translatingIt(context.driver, call, allocation.allocator.memory) },
        );
      },
    );
    return [
      ...computed,
      ...oncePerPlace(
        callsOnPaths(context, (name) => name === 'sg_page'),
        (call) => pageOfList(context.driver, call),
      ),
    ];
  },
};

/** The page that vmalloc() has at the address, or a call that maps the whole buffer. */
function translatingIt(driver: Driver, { event }: PathCall, memory: string): readonly ReportFix[] {
  const page = event.name === 'virt_to_page' ? 'vmalloc_to_page' : event.name === 'virt_to_pfn' ? 'vmalloc_to_pfn' : undefined;
  const whole = mappingBuffer(driver, functionOf(event), event.nameSpan);
  if (whole.length > 0 || memory !== 'vmalloc' || page === undefined) return whole;
  return callingInstead(driver, event, page, { title: `Use ${page}()` });
}

/** `sg_page()` of a list that `sg_set_buf()` filled: it looked the page of the address up in the linear map. */
function pageOfList(driver: Driver, call: PathCall): Report | undefined {
  const { entry, path, event } = call;
  const kind = entry.entry.handler?.kind;
  if (kind !== 'fault' && kind !== 'mmap') return undefined;
  const allocator = coherentInList(driver);
  if (allocator === undefined || path.events.some((each) => each.kind === 'call' && each.name === 'is_vmalloc_addr')) return undefined;
  return reportOn(
    call,
    event.nameSpan,
    `\`sg_set_buf()\` has put memory of \`${allocator}()\` into the list by its address, which may lie in another mapping: the page that \`sg_page()\` gives then is some other memory. Ask is_vmalloc_addr() and vmalloc_to_page(), or keep the pages.`,
  );
}

/** The DMA allocator whose result the driver puts into a scatterlist, when it does. */
function coherentInList(driver: Driver): string | undefined {
  for (const uses of usesIn(driver, /\bsg_(?:set_buf|init_one)\b/)) {
    for (const each of uses.expressions) {
      if (each.kind !== 'call' || each.callee.kind !== 'name' || !/^sg_(?:set_buf|init_one)$/.test(each.callee.name)) continue;
      const address = each.arguments[1];
      const values = address?.kind === 'name' ? valuesOfLocal(driver, uses.function.name, address.name) : [];
      const made = values.find(({ name }) =>
        /^(?:dmam?_alloc_(?:coherent|attrs|wc)|dma_zalloc_coherent|pci_z?alloc_consistent)$/.test(name),
      );
      if (made) return made.name;
    }
  }
  return undefined;
}

/** A path on which there is no DMA handle is one without DMA memory: the pointer then holds something else. */
function hasNoHandle({ path, event }: PathCall): boolean {
  return path.conditions.slice(0, event.after).some(({ term }) => {
    const [left, right] = term.kind === 'operation' && term.operator === 'eq' ? term.operands : [];
    return left?.kind === 'symbol' && left.symbol.type.name === 'dma_addr_t' && right !== undefined && constantOf(right) === 0n;
  });
}

/**
 * Whether the path asked what the controller takes its buffers from: one that does no DMA is given memory of kmalloc(), and
 * one with memory of its own that (`hcd_buffer_alloc`, drivers/usb/core/buffer.c).
 */
function asksTheController(allocator: string, { path, event }: PathCall): boolean {
  if (allocator !== 'usb_alloc_coherent') return false;
  return path.conditions
    .slice(0, event.after)
    .some(({ term }) => [...symbolsOf(term).values()].some(({ name }) => /\bhcd_uses_dma\b|\blocalmem_pool\b/.test(name)));
}
