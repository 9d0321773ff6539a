/** Calls that map memory of the DMA interface. Data only. */
import type { CallRow, FactRow } from '../row.ts';
import { handlerLock } from './phrases.ts';
import { remapFlags } from './set-flags.ts';

type Rest = Partial<CallRow> & Pick<CallRow, 'prototypes' | 'does' | 'source'>;

const dmaCall = (name: string, rest: Rest): CallRow => ({
  kind: 'call',
  name,
  header: 'linux/dma-mapping.h',
  lock: 'write',
  boundsChecked: true,
  refcounts: false,
  returns: [
    ['0', 'everything is mapped'],
    ['-ENXIO', 'vm_pgoff lies behind the memory, the vma is longer than the rest of it, or the memory cannot be mapped on this machine'],
    ['as remap_pfn_range()', 'when that call fails'],
  ],
  ...rest,
  requires: { lock: handlerLock, range: 'vm_pgoff is an offset into the memory; the vma is compared with size', ...rest.requires },
});

export const dmaCalls: readonly FactRow[] = [
  dmaCall('dma_mmap_attrs', {
    since: '3.6',
    prototypes: {
      '3.6':
        'int dma_mmap_attrs(struct device *dev, struct vm_area_struct *vma, void *cpu_addr, dma_addr_t dma_addr, size_t size, struct dma_attrs *attrs)',
      '4.8':
        'int dma_mmap_attrs(struct device *dev, struct vm_area_struct *vma, void *cpu_addr, dma_addr_t dma_addr, size_t size, unsigned long attrs)',
    },
    setsFlags: remapFlags,
    requires: { page: 'cpu_addr, dma_addr, size and attrs are those of dma_alloc_attrs()' },
    does: [
      'Maps memory of dma_alloc_attrs() with the protection that it needs (vm_page_prot is set), from vm_pgoff on, after checking that the vma fits.',
    ],
    notes: [
      'It is the only right way to map such memory: neither the kernel address nor dma_addr gives the frame on every machine.',
      'Where vm_pgoff is a cookie instead of an offset, set it to 0 before.',
      'dma_can_mmap() tells beforehand whether it can work (5.4 and later).',
    ],
    source: ['kernel/dma/mapping.c, kernel/dma/direct.c, kernel/dma/ops_helpers.c: 6.12'],
  }),
  dmaCall('dma_mmap_coherent', {
    form: 'macro',
    since: '3.6',
    prototypes: '#define dma_mmap_coherent(dev, vma, cpu_addr, dma_addr, size)',
    setsFlags: remapFlags,
    requires: { page: 'cpu_addr, dma_addr and size are those of dma_alloc_coherent()' },
    does: ['Maps memory of dma_alloc_coherent(): dma_mmap_attrs() without attributes.'],
    notes: ['Where vm_pgoff is a cookie instead of an offset, set it to 0 before.', 'ARM had a function of this name before 3.6.'],
    source: ['include/linux/dma-mapping.h: 6.12'],
  }),
  dmaCall('dma_mmap_wc', {
    since: '4.6',
    prototypes: 'int dma_mmap_wc(struct device *dev, struct vm_area_struct *vma, void *cpu_addr, dma_addr_t dma_addr, size_t size)',
    setsFlags: remapFlags,
    requires: { page: 'cpu_addr, dma_addr and size are those of dma_alloc_wc()' },
    does: ['Maps memory of dma_alloc_wc() with write combining.'],
    notes: ['Up to 4.5 it was called dma_mmap_writecombine(); that the name changed in 4.6 is general knowledge.'],
    source: ['include/linux/dma-mapping.h: 6.12'],
    confidence: 'partial',
  }),
  dmaCall('dma_mmap_pages', {
    since: '5.12',
    prototypes: 'int dma_mmap_pages(struct device *dev, struct vm_area_struct *vma, size_t size, struct page *page)',
    setsFlags: remapFlags,
    requires: { page: 'size and page are those of dma_alloc_pages()' },
    does: ['Maps memory of dma_alloc_pages() from vm_pgoff on; vm_page_prot stays as it is.'],
    source: ['kernel/dma/mapping.c: 6.12', 'include/linux/dma-mapping.h: absent in 5.11, present in 5.14'],
    confidence: 'partial',
  }),
  dmaCall('dma_mmap_noncontiguous', {
    since: '5.12',
    prototypes: 'int dma_mmap_noncontiguous(struct device *dev, struct vm_area_struct *vma, size_t size, struct sg_table *sgt)',
    requires: { page: 'size and sgt are those of dma_alloc_noncontiguous()' },
    does: ['Maps memory of dma_alloc_noncontiguous(): page by page behind an IOMMU, as dma_mmap_pages() otherwise.'],
    source: ['kernel/dma/mapping.c: 6.12', 'include/linux/dma-mapping.h: absent in 5.11, present in 5.14'],
    confidence: 'partial',
  }),
  dmaCall('dma_common_mmap', {
    since: '3.6',
    header: 'linux/dma-map-ops.h',
    prototypes:
      'int dma_common_mmap(struct device *dev, struct vm_area_struct *vma, void *cpu_addr, dma_addr_t dma_addr, size_t size, unsigned long attrs)',
    setsFlags: remapFlags,
    does: ['What most DMA backends do for dma_map_ops.mmap. It is not meant for drivers.'],
    notes: ['Its last parameter came later than 3.6.'],
    source: ['kernel/dma/ops_helpers.c: 6.12'],
  }),
  {
    kind: 'call',
    name: 'dma_can_mmap',
    since: '5.4',
    header: 'linux/dma-mapping.h',
    prototypes: 'bool dma_can_mmap(struct device *dev)',
    lock: 'none',
    does: ['Tells whether dma_mmap_attrs() can work for the device.'],
    returns: [
      ['true', 'the memory of the device can be mapped'],
      ['false', 'it cannot'],
    ],
    source: ['kernel/dma/mapping.c: 6.12', 'include/linux/dma-mapping.h: absent in 5.2, present in 5.4'],
  },
];
