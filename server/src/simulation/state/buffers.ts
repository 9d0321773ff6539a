/** What kind of memory a pointer of the driver leads to, told by the calls that get it. Reads the driver model only. */
import type { Driver } from '../../driver/model.ts';
import type { Subject } from './subject.ts';
import { usesOf } from './uses.ts';

export type BufferKind = 'vmalloc-user' | 'vmalloc' | 'dma' | 'pages' | 'device' | 'page';

const byCall: Readonly<Record<string, BufferKind>> = {
  remap_vmalloc_range: 'vmalloc-user',
  remap_vmalloc_range_partial: 'vmalloc-user',
  vmalloc_to_page: 'vmalloc',
  vmalloc_to_pfn: 'vmalloc',
  vfree: 'vmalloc',
  dma_mmap_coherent: 'dma',
  dma_mmap_attrs: 'dma',
  dma_mmap_wc: 'dma',
  dma_free_coherent: 'dma',
  dma_free_attrs: 'dma',
  virt_to_phys: 'pages',
  virt_to_page: 'pages',
  virt_to_pfn: 'pages',
  __pa: 'pages',
  free_pages: 'pages',
  free_page: 'pages',
  free_pages_exact: 'pages',
  page_address: 'page',
  page_to_pfn: 'page',
  page_to_phys: 'page',
  get_page: 'page',
  put_page: 'page',
  vm_insert_page: 'page',
  iounmap: 'device',
  readl: 'device',
  writel: 'device',
  ioread32: 'device',
  iowrite32: 'device',
};

/** The kind, and the call that tells it. */
export function bufferUse(driver: Driver, subject: Subject): { readonly kind: BufferKind; readonly call: string } | undefined {
  for (const { around } of usesOf(driver, subject)) {
    for (const outer of around) {
      if (outer.kind !== 'call' || outer.callee.kind !== 'name') continue;
      const found = byCall[outer.callee.name];
      if (found) return { kind: found, call: outer.callee.name };
    }
  }
  return undefined;
}
