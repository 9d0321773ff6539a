/** What kind of memory a pointer of the driver leads to, told by the calls that get it. Reads the driver model only. */
import type { Driver } from '../../driver/model.ts';
import type { Subject } from './subject.ts';
import { usesOf } from './uses.ts';

export type BufferKind = 'vmalloc-user' | 'vmalloc' | 'dma' | 'pages' | 'device' | 'page';

/** The argument that tells, by call. */
const byCall: Readonly<Record<string, { readonly argument: number; readonly kind: BufferKind }>> = {
  remap_vmalloc_range: { argument: 1, kind: 'vmalloc-user' },
  remap_vmalloc_range_partial: { argument: 2, kind: 'vmalloc-user' },
  vmalloc_to_page: { argument: 0, kind: 'vmalloc' },
  vmalloc_to_pfn: { argument: 0, kind: 'vmalloc' },
  vfree: { argument: 0, kind: 'vmalloc' },
  dma_mmap_coherent: { argument: 2, kind: 'dma' },
  dma_mmap_attrs: { argument: 2, kind: 'dma' },
  dma_mmap_wc: { argument: 2, kind: 'dma' },
  dma_free_coherent: { argument: 2, kind: 'dma' },
  dma_free_attrs: { argument: 2, kind: 'dma' },
  virt_to_phys: { argument: 0, kind: 'pages' },
  virt_to_page: { argument: 0, kind: 'pages' },
  virt_to_pfn: { argument: 0, kind: 'pages' },
  __pa: { argument: 0, kind: 'pages' },
  free_pages: { argument: 0, kind: 'pages' },
  free_page: { argument: 0, kind: 'pages' },
  free_pages_exact: { argument: 0, kind: 'pages' },
  page_address: { argument: 0, kind: 'page' },
  page_to_pfn: { argument: 0, kind: 'page' },
  page_to_phys: { argument: 0, kind: 'page' },
  get_page: { argument: 0, kind: 'page' },
  put_page: { argument: 0, kind: 'page' },
  lock_page: { argument: 0, kind: 'page' },
  unlock_page: { argument: 0, kind: 'page' },
  set_page_dirty: { argument: 0, kind: 'page' },
  __free_page: { argument: 0, kind: 'page' },
  vm_insert_page: { argument: 2, kind: 'page' },
  iounmap: { argument: 0, kind: 'device' },
  readl: { argument: 0, kind: 'device' },
  writel: { argument: 1, kind: 'device' },
  ioread32: { argument: 0, kind: 'device' },
  iowrite32: { argument: 1, kind: 'device' },
};

/** The kind, and the call that tells it. */
export function bufferUse(driver: Driver, subject: Subject): { readonly kind: BufferKind; readonly call: string } | undefined {
  for (const { expression, around } of usesOf(driver, subject)) {
    const call = around.find((outer) => outer.kind === 'call');
    if (call?.kind !== 'call' || call.callee.kind !== 'name') continue;
    const found = byCall[call.callee.name];
    const argument = found && call.arguments[found.argument];
    const isInside = argument && argument.span.start <= expression.span.start && expression.span.end <= argument.span.end;
    if (found && isInside) return { kind: found.kind, call: call.callee.name };
  }
  return undefined;
}
