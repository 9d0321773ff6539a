/**
 * What subsystems export for the slots of their drivers' tables, and drivers register as it is: the code of such a handler is the
 * kernel's, and nothing in the driver's text can be wrong with it. Only what no modelled kernel has taken away again.
 */
import { allFacts } from './lookup.ts';

/** Functions, and tables of `vm_operations_struct`; seen in 6.12. Those that the facts describe come from there. */
const exported: readonly string[] = [
  'v4l2_m2m_fop_mmap',
  'v4l2_m2m_get_unmapped_area',
  'vb2_fop_get_unmapped_area',
  'vfio_pci_core_mmap',
  'drm_gem_dma_object_mmap',
  'drm_gem_dma_vm_ops',
  'drm_gem_dmabuf_mmap',
  'drm_gem_shmem_object_mmap',
  'drm_gem_shmem_vm_ops',
  'drm_gem_ttm_mmap',
  'fb_io_mmap',
  'snd_pcm_lib_mmap_iomem',
];

export const readyHandlers: readonly string[] = [
  ...exported,
  ...allFacts()
    .filter((fact) => fact.kind === 'call' && fact.isHandler && !fact.removed)
    .map(({ name }) => name),
];
