/**
 * What changed in Linux, as far as two traces of one scenario can show it: the version, the rule, and by which words of the
 * story one knows it. A table; `matrix.ts` picks the first row that fits.
 */
import type { KernelVersion } from '../kernel/version.ts';

export interface TurningPoint {
  /** The first version that does it the new way. */
  readonly since: KernelVersion;
  readonly number?: string;
  readonly says: string;
  /** Found in what the older kernel alone tells. */
  readonly older?: RegExp;
  /** Found in what the newer kernel alone tells. */
  readonly newer?: RegExp;
}

const at = (major: number, minor: number, patch = 0, candidate?: number): KernelVersion => ({
  major,
  minor,
  patch,
  ...(candidate === undefined ? {} : { candidate }),
});

/** In the order of the versions. */
export const turningPoints: readonly TurningPoint[] = [
  {
    since: at(2, 5, 0),
    number: 'S10.12',
    says: '2.4 takes pages out of mappings when memory runs short; later kernels leave pages of drivers alone.',
    older: /try_to_swap_out/,
  },
  {
    since: at(2, 6, 11),
    says: 'remap_page_range() is gone: remap_pfn_range() takes its place.',
    newer: /remap_page_range\(\) does not exist/,
  },
  {
    since: at(2, 6, 10),
    says: 'remap_pfn_range() sets VM_IO and VM_RESERVED; remap_page_range() sets no flag.',
    newer: /set .*VM_IO.*by remap_pfn_range/,
  },
  {
    since: at(2, 6, 14),
    number: 'S7.4',
    says: 'fork copies only those entries that a fault could not bring back.',
    older: /copy_present_pte|in child/,
  },
  {
    since: at(2, 6, 15, 1),
    number: 'S4.5',
    says: 'Up to 2.6.14 RAM without PG_reserved is left out without an error, and the program finds pages of zeros there.',
    older: /(is|are) left out of/,
    newer: /maps? pfns?/,
  },
  {
    since: at(2, 6, 15, 1),
    says: 'From 2.6.15 on the kernel copies memory without a struct page for a private write; before, it kills the program.',
    older: /bogus page|memory without a struct page is written/,
  },
  {
    since: at(2, 6, 15, 4),
    says: 'remap_pfn_range() sets VM_PFNMAP.',
    newer: /set .*VM_PFNMAP.*by remap_pfn_range/,
  },
  {
    since: at(2, 6, 15, 4),
    number: 'S5.5',
    says: 'A private mapping must be given to remap_pfn_range() whole, and vm_pgoff becomes the first pfn.',
    newer: /vm_pgoff .* becomes|remap_pfn_range\(.*\) = -EINVAL/,
  },
  { since: at(2, 6, 15, 4), number: 'S8.2', says: 'A VM_PFNMAP mapping cannot grow.', newer: /mremap\(2\) returns -1, EFAULT/ },
  { since: at(2, 6, 23), says: 'fault takes the place of nopage.', newer: /\bfault\b/ },
  { since: at(2, 6, 26), says: 'nopage is gone: fault takes its place.', newer: /has no member nopage/ },
  { since: at(2, 6, 27), says: 'nopfn is gone: fault with vm_insert_pfn() takes its place.', newer: /has no member nopfn/ },
  {
    since: at(2, 6, 29),
    number: 'S12.1',
    says: 'x86 keeps track of the cache types of pfn mappings.',
    newer: /VM_PFN_AT_MMAP|uncached-minus/,
  },
  {
    since: at(3, 7),
    says: 'VM_RESERVED is gone: remap_pfn_range() sets VM_DONTEXPAND and VM_DONTDUMP instead.',
    newer: /VM_DONTDUMP/,
  },
  { since: at(3, 7), says: 'vm_insert_page() sets VM_MIXEDMAP in place of VM_INSERTPAGE.', newer: /set .*VM_MIXEDMAP.*by/ },
  { since: at(3, 7), says: 'VM_RESERVED is gone.', older: /VM_RESERVED/ },
  { since: at(3, 11), says: 'New mappings are marked VM_SOFTDIRTY.', newer: /VM_SOFTDIRTY/ },
  {
    since: at(4, 2),
    number: 'S4.3',
    says: 'A shared mapping without a fault handler gives SIGBUS where nothing is mapped; before, it was filled with zeros.',
    newer: /SIGBUS/,
  },
  {
    since: at(4, 18),
    number: 'S4.4',
    says: 'A mapping of a driver without operations is no longer taken for anonymous memory: where nothing is mapped, it gives SIGBUS.',
    newer: /SIGBUS/,
  },
  { since: at(4, 20), says: 'vm_insert_pfn() and vm_insert_mixed() are gone.', newer: /does not exist in Linux/ },
  {
    since: at(6, 4),
    number: 'S3.2',
    says: 'A neighbour with a close function may grow over a new mapping.',
    newer: /grows over/,
  },
  { since: at(6, 9), number: 'S7.3', says: 'fork calls open before the entries are copied.', newer: /open/, older: /open/ },
  {
    since: at(6, 16),
    number: 'S7.6',
    says: 'The reservation of the cache type is shared by all mappings that come of one; VM_PAT is gone.',
    older: /VM_PAT/,
  },
];
