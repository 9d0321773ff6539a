/**
 * What an unknown integer probably means, by its declared type, its name and where it comes from. Only the search for
 * values listens to it: a length and a count of a driver get moderate sizes that fit together.
 */
import type { IntegerType } from '../execution/ctype.ts';
import type { Role } from '../execution/term.ts';

const addressTypes = /^(phys_addr_t|resource_size_t|dma_addr_t)$/;

const names: readonly (readonly [RegExp, Role])[] = [
  // Where the linear map ends: a kernel address, whatever header declares it.
  [/^high_memory$/, 'pointer'],
  [/pfn/i, 'pfn'],
  [/pages$|npages|(^|_)(nr|num|n)_|count|^num|^nr|^n[A-Z]|_cnt$/i, 'count'],
  [/size|len(gth)?(_|$)|bytes|limit|_sz$|^sz$|len$/i, 'length'],
  [/phys|paddr|^pa$|smem_start|mmio_start|bus_?addr|(^|_)base$|_base_|(^|_)addr|start$|^end$|_end$/i, 'physicalAddress'],
  [/index|idx|^id$|^minor|_id$/i, 'index'],
  [/off(set)?$|^off/i, 'offset'],
  [/flags?$|caps$|mode$|prot$/i, 'flags'],
];

const addressCalls: Readonly<Record<string, Role>> = {
  pci_resource_start: 'physicalAddress',
  virt_to_phys: 'physicalAddress',
  __pa: 'physicalAddress',
  page_to_phys: 'physicalAddress',
  page_to_pfn: 'pfn',
  vmalloc_to_pfn: 'pfn',
  virt_to_pfn: 'pfn',
  pci_resource_len: 'length',
  resource_size: 'length',
  PAGE_ALIGN: 'length',
  dma_map_single: 'physicalAddress',
  dma_map_page: 'physicalAddress',
};

/** The role of an integer called `name` (a field or variable, without its path). `call` is what assigned it. */
export function roleOf(name: string, type: IntegerType, call?: string): Role {
  const byCall = call === undefined ? undefined : addressCalls[call];
  if (byCall) return byCall;
  if (type.bits === 1) return 'status';
  for (const [pattern, role] of names) if (pattern.test(name)) return role;
  if (addressTypes.test(type.name ?? '')) return 'physicalAddress';
  return type.name === 'size_t' ? 'length' : 'unknown';
}
