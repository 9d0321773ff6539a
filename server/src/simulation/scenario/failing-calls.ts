/**
 * The calls of a driver that fail where memory has run out, or where a signal comes while they wait, by what they give then: what a
 * `fail` statement can name. Data alone.
 */

/** `error`: -ENOMEM. `interrupted`: -EINTR, and the lock is not taken. `fault`: VM_FAULT_OOM. `number`: 0 where an address is given as a number. */
export type FailureKind = 'null' | 'number' | 'error' | 'fault' | 'error-pointer' | 'interrupted';

const byKind: Readonly<Record<FailureKind, readonly string[]>> = {
  null: [
    'kmalloc',
    'kmalloc_node',
    'kmalloc_array',
    'kzalloc',
    'kzalloc_node',
    'kcalloc',
    'kvmalloc',
    'kvzalloc',
    'kvmalloc_array',
    'kvcalloc',
    'kmemdup',
    'alloc_page',
    'alloc_pages',
    'alloc_pages_node',
    'alloc_pages_exact',
    'vmalloc',
    'vzalloc',
    'vmalloc_user',
    'dma_alloc_coherent',
    'dma_alloc_wc',
    'dma_alloc_attrs',
  ],
  number: ['__get_free_page', '__get_free_pages', 'get_zeroed_page'],
  error: [
    'remap_pfn_range',
    'io_remap_pfn_range',
    'vm_iomap_memory',
    'vm_insert_page',
    'vm_insert_pages',
    'vm_map_pages',
    'vm_map_pages_zero',
    'remap_vmalloc_range',
    'remap_vmalloc_range_partial',
    'dma_mmap_coherent',
    'dma_mmap_attrs',
    'dma_mmap_wc',
    'dma_mmap_pages',
  ],
  fault: ['vmf_insert_pfn', 'vmf_insert_pfn_prot', 'vmf_insert_mixed', 'vmf_insert_page'],
  'error-pointer': ['memdup_user', 'vmemdup_user'],
  interrupted: [
    'mutex_lock_interruptible',
    'mutex_lock_killable',
    'down_interruptible',
    'down_killable',
    'down_read_interruptible',
    'down_read_killable',
    'down_write_killable',
    'dma_resv_lock_interruptible',
  ],
};

const kinds: ReadonlyMap<string, FailureKind> = new Map(
  (Object.keys(byKind) as FailureKind[]).flatMap((kind) => byKind[kind].map((name) => [name, kind] as const)),
);

export const failingCalls: readonly string[] = [...kinds.keys()];

/** What the call gives where it fails so; `undefined` for calls that never do. */
export function failureOfCall(name: string): FailureKind | undefined {
  return kinds.get(name);
}
